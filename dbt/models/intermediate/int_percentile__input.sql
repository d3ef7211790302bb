with final as (
    select
        total.indicator_code,
        total.country_code,
        total.region_level,
        total.peer_group,
        total.year,
        total.period_end,
        total.unit_code,
        total.method_version,
        total.region_code,
        total.value,
        indicator.direction,
        total.reason_code,
        total.is_illustrative,
        total.correction,
        total.imputed_part,
        total.suppressed_part,
        total.vintage_on
    from {{ ref('int_indicator__per_head') }} as total
    inner join {{ ref('indicators') }} as indicator
        on total.indicator_code = indicator.indicator_code
    where total.is_peer
)

select * from final
