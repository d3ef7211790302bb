with dates as (
    select distinct
        yearly.country_code,
        yearly.period_end
    from {{ ref('int_observation__yearly') }} as yearly
),

final as (
    select
        dates.period_end,
        region.country_code,
        region.region_level,
        {{ peer_group('region') }} as peer_group,
        region.region_code,
        region.parent_code
    from dates
    inner join {{ ref('regions') }} as region on dates.country_code = region.country_code
    where {{ is_peer('region', 'dates.period_end') }}
)

select * from final
