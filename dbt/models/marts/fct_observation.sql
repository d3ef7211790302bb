with final as (
    select
        obs.observation_id,
        obs.file_id,
        obs.contract_id,
        obs.contract_version,
        obs.provider_code,
        obs.dataset_code,
        obs.table_name,
        obs.cell,
        obs.value_printed,
        obs.indicator_code,
        obs.breakdown,
        obs.region_code,
        obs.region_printed,
        obs.activity_code,
        obs.activity_classifier,
        obs.activity_printed,
        obs.period_start,
        obs.period_end,
        obs.period_kind,
        obs.value,
        obs.value_digits,
        obs.unit_code,
        obs.multiplier,
        obs.currency_code,
        obs.price_base,
        obs.obs_status,
        obs.conf_status,
        obs.reason_code,
        obs.is_illustrative,
        obs.is_formula,
        obs.footnote,
        obs.released_on,
        obs.received_at,
        obs.correction_id
    from {{ ref('stg_observation') }} as obs
    inner join {{ ref('int_file__accepted') }} as file on obs.file_id = file.file_id
)

select * from final
