{% set panel = [
    'indicator_code', 'quantity_kind', 'country_code', 'region_level', 'peer_group', 'unit_code',
    'method_version',
] %}

with equal_weights as (
    select
        {{ columns('region', panel) }},
        region.weighting,
        region.year,
        region.period_end,
        region.region_code,
        region.value,
        region.is_illustrative,
        region.correction,
        region.imputed_part,
        region.suppressed_part,
        region.vintage_on
    from {{ ref('int_disparity__input') }} as region
    where region.weighting = 'equal'
),

periods as (
    select distinct
        equal_weights.country_code,
        equal_weights.peer_group,
        equal_weights.region_level,
        equal_weights.period_end
    from equal_weights
),

-- rule E-BOUND: regions before and after a reform of their level are not the same regions
versions as (
    select
        periods.country_code,
        periods.peer_group,
        periods.period_end,
        max(link.event_on) as event_on
    from periods
    inner join {{ ref('regions') }} as unit
        on periods.country_code = unit.country_code
        and periods.region_level = unit.region_level
        and periods.peer_group = {{ peer_group('unit') }}
    inner join {{ ref('region_links') }} as link
        on (unit.region_code = link.from_code or unit.region_code = link.to_code)
        and periods.period_end >= link.event_on
    where link.event_kind in ('split', 'merged')
    group by periods.country_code, periods.peer_group, periods.period_end
),

final as (
    select
        {{ columns('equal_weights', panel) }},
        equal_weights.weighting,
        coalesce(cast(versions.event_on as varchar), '{{ var("not_applicable_code") }}')
            as boundary_version,
        equal_weights.year,
        equal_weights.period_end,
        equal_weights.region_code,
        equal_weights.value,
        equal_weights.is_illustrative,
        equal_weights.correction,
        equal_weights.imputed_part,
        equal_weights.suppressed_part,
        equal_weights.vintage_on
    from equal_weights
    left join versions
        on equal_weights.country_code = versions.country_code
        and equal_weights.peer_group = versions.peer_group
        and equal_weights.period_end = versions.period_end
)

select * from final
