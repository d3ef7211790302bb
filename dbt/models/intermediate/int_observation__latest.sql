-- between sources: published before illustrative, a figure before its absence, then the newest
with sources as (
    select
        vintage.observation_id,
        row_number() over {{ leading_source_first('vintage') }} as source_number
    from {{ ref('int_observation__vintage') }} as vintage
    where vintage.vintage_number = 1
),

final as (
    select
        vintage.observation_id,
        vintage.file_id,
        vintage.contract_id,
        vintage.indicator_code,
        vintage.breakdown_key,
        vintage.region_code,
        vintage.activity_classifier,
        vintage.activity_code,
        vintage.period_start,
        vintage.period_end,
        vintage.value,
        vintage.unit_code,
        vintage.price_base,
        vintage.obs_status,
        vintage.conf_status,
        vintage.reason_code,
        vintage.is_illustrative,
        vintage.correction_id,
        vintage.corrected_value,
        vintage.correction_status,
        vintage.released_on,
        vintage.received_at
    from {{ ref('int_observation__vintage') }} as vintage
    inner join sources on vintage.observation_id = sources.observation_id
    where sources.source_number = 1
)

select * from final
