-- every figure of the whole economy; what is there at all says which regions and years there are
with final as (
    select
        yearly.country_code,
        yearly.region_code,
        yearly.region_level,
        yearly.peer_group,
        yearly.is_peer,
        yearly.year,
        yearly.period_end,
        yearly.indicator_code as measure_code,
        yearly.input_value as value,
        yearly.unit_code,
        yearly.method_version,
        yearly.is_primary,
        yearly.obs_status,
        yearly.conf_status,
        yearly.reason_code,
        yearly.input_correction as correction,
        yearly.is_illustrative,
        {{ known_on('yearly') }} as known_on,
        yearly.observation_id
    from {{ ref('int_observation__yearly') }} as yearly
    where yearly.activity_code = '{{ var("total_code") }}'
)

select * from final
