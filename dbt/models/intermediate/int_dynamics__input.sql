with yearly as (
    select
        yearly.observation_id,
        yearly.indicator_code,
        yearly.country_code,
        yearly.region_code,
        yearly.region_level,
        yearly.peer_group,
        yearly.is_peer,
        yearly.year,
        yearly.period_end,
        yearly.unit_code,
        yearly.method_version,
        yearly.input_value as value,
        yearly.input_reason_code as reason_code,
        {{ is_suppressed('yearly.value', 'yearly.conf_status') }} as is_withheld,
        {{ is_imputed('yearly.obs_status') }} as is_imputed,
        {{ known_on('yearly') }} as known_on,
        yearly.is_illustrative,
        yearly.input_correction as correction,
        unit.unit_kind,
        indicator.is_additive
    from {{ ref('int_observation__yearly') }} as yearly
    inner join {{ ref('units') }} as unit on yearly.unit_code = unit.unit_code
    inner join {{ ref('indicators') }} as indicator
        on yearly.indicator_code = indicator.indicator_code
    where
        yearly.is_primary
        and yearly.activity_code = '{{ var("total_code") }}'
),

-- a year is compared with the one before, and with the first of the country
years as (
    select distinct
        yearly.indicator_code,
        yearly.country_code,
        yearly.year,
        min(yearly.year) over (
            partition by yearly.indicator_code, yearly.country_code
        ) as first_year
    from yearly
    where yearly.value is not null
),

comparisons as (
    select
        'previous_year' as comparison,
        years.indicator_code,
        years.country_code,
        years.year,
        years.year - 1 as base_year
    from years
    union all
    select
        'first_year' as comparison,
        years.indicator_code,
        years.country_code,
        years.year,
        years.first_year as base_year
    from years
),

bases as (
    select
        yearly.indicator_code,
        yearly.country_code,
        yearly.year,
        max(yearly.period_end) as period_end
    from yearly
    group by yearly.indicator_code, yearly.country_code, yearly.year
),

pairs as (
    select
        comparisons.comparison,
        comparisons.base_year,
        coalesce(
            bases.period_end, make_date(comparisons.base_year, 12, 31)
        ) as base_period_end,
        yearly.observation_id,
        yearly.indicator_code,
        yearly.country_code,
        yearly.region_code,
        yearly.region_level,
        yearly.peer_group,
        yearly.is_peer,
        yearly.year,
        yearly.period_end,
        yearly.unit_code,
        yearly.method_version,
        yearly.value,
        yearly.reason_code,
        yearly.is_withheld,
        yearly.is_imputed,
        yearly.known_on,
        yearly.is_illustrative,
        yearly.correction,
        yearly.unit_kind,
        yearly.is_additive
    from yearly
    inner join comparisons
        on yearly.indicator_code = comparisons.indicator_code
        and yearly.country_code = comparisons.country_code
        and yearly.year = comparisons.year
    left join bases
        on comparisons.indicator_code = bases.indicator_code
        and comparisons.country_code = bases.country_code
        and comparisons.base_year = bases.year
    where yearly.is_peer or yearly.region_level = 0
),

spans as (
    select distinct
        pairs.region_code,
        pairs.period_end,
        pairs.base_period_end
    from pairs
),

-- the last change of its boundaries that a region had seen at each end
versions as (
    select
        spans.region_code,
        spans.period_end,
        spans.base_period_end,
        max(case when change.event_on <= spans.period_end then change.event_on end)
            as event_on,
        max(
            case when change.event_on <= spans.base_period_end then change.event_on end
        ) as base_event_on
    from spans
    left join {{ ref('int_region__changed') }} as change on spans.region_code = change.region_code
    group by spans.region_code, spans.period_end, spans.base_period_end
),

-- the earlier values on the later territory
carried as (
    select
        pairs.comparison,
        pairs.indicator_code,
        pairs.region_code,
        pairs.year,
        count(*) = count(base.value * bridge.share) as is_complete,
        {{ ordered_sum('base.value * bridge.share', 'bridge.base_region_code') }} as value,
        max(base.unit_code) as unit_code,
        max(base.method_version) as method_version,
        max(base.known_on) as known_on,
        {{ any_true('base.is_illustrative') }} as is_illustrative,
        max(base.correction) as correction
    from pairs
    inner join {{ ref('int_region__bridged') }} as bridge
        on pairs.region_code = bridge.region_code
        and {{ bridges('bridge', 'pairs.base_period_end', 'pairs.period_end') }}
    left join yearly as base
        on bridge.base_region_code = base.region_code
        and pairs.indicator_code = base.indicator_code
        and pairs.base_year = base.year
    group by pairs.comparison, pairs.indicator_code, pairs.region_code, pairs.year
),

prices as (
    select
        yearly.region_code,
        yearly.year,
        yearly.value
    from yearly
    where yearly.indicator_code = '{{ var("deflator_indicator") or "" }}'
),

matched as (
    select
        pairs.comparison,
        pairs.observation_id,
        base.observation_id as base_observation_id,
        pairs.indicator_code as base_indicator_code,
        pairs.country_code,
        pairs.region_code,
        pairs.region_level,
        pairs.peer_group,
        pairs.is_peer,
        pairs.year,
        pairs.period_end,
        pairs.unit_code,
        pairs.unit_kind,
        pairs.is_additive,
        pairs.method_version,
        pairs.value,
        pairs.is_withheld,
        pairs.is_imputed,
        pairs.base_year,
        versions.event_on,
        versions.base_event_on,
        {{ is_other_territory('versions.event_on', 'versions.base_event_on') }} as is_broken,
        {{ is_one_of('pairs.indicator_code', var('bridged_indicators')) }}
        and coalesce(carried.is_complete, false) as is_bridged,
        base.value as base_value,
        carried.value as carried_value,
        coalesce(base.unit_code, carried.unit_code, pairs.unit_code) as base_unit_code,
        coalesce(base.method_version, carried.method_version, pairs.method_version)
            as base_method_version,
        base.is_withheld as is_base_withheld,
        base.is_imputed as is_base_imputed,
        case
            when pairs.unit_kind like 'money%'
                then {{ ratio('price.value', 'base_price.value') }}
        end as deflator,
        greatest(pairs.known_on, base.known_on, carried.known_on) as known_on,
        {{ any_true_of([
            'pairs.is_illustrative', 'base.is_illustrative', 'carried.is_illustrative',
        ]) }} as is_illustrative,
        {{ worst_correction(['pairs.correction', 'base.correction', 'carried.correction']) }}
            as correction
    from pairs
    inner join versions
        on pairs.region_code = versions.region_code
        and pairs.period_end = versions.period_end
        and pairs.base_period_end = versions.base_period_end
    left join yearly as base
        on pairs.indicator_code = base.indicator_code
        and pairs.region_code = base.region_code
        and pairs.base_year = base.year
    left join carried
        on pairs.comparison = carried.comparison
        and pairs.indicator_code = carried.indicator_code
        and pairs.region_code = carried.region_code
        and pairs.year = carried.year
    left join prices as price
        on pairs.country_code = price.region_code
        and pairs.year = price.year
    left join prices as base_price
        on pairs.country_code = base_price.region_code
        and pairs.base_year = base_price.year
),

-- what the regions of a level change together; the country's own line when there is one
nations as (
    select
        matched.comparison,
        matched.base_indicator_code,
        matched.country_code,
        matched.year,
        matched.unit_code,
        matched.method_version,
        case when matched.base_unit_code = matched.unit_code then matched.base_value end
            as base_value,
        matched.value,
        matched.is_illustrative,
        matched.correction
    from matched
    where matched.region_level = 0 and matched.region_code = matched.country_code
),

final as (
    select
        matched.comparison,
        matched.observation_id,
        matched.base_observation_id,
        matched.base_indicator_code,
        matched.country_code,
        matched.region_code,
        matched.region_level,
        matched.peer_group,
        matched.is_peer,
        matched.year,
        matched.period_end,
        matched.unit_code,
        matched.unit_kind,
        matched.is_additive,
        matched.method_version,
        matched.value,
        matched.base_year,
        case
            when matched.is_broken and matched.is_bridged then matched.carried_value
            else matched.base_value
        end as base_value,
        matched.base_unit_code,
        matched.base_method_version,
        coalesce(cast(matched.event_on as varchar), '{{ var("not_applicable_code") }}')
            as boundary_version,
        coalesce(cast(matched.base_event_on as varchar), '{{ var("not_applicable_code") }}')
            as base_boundary_version,
        case when matched.is_broken and matched.is_bridged then cast(1 as double) end
            as bridge_weight,
        matched.deflator,
        nations.value as total_value,
        nations.base_value as total_base_value,
        matched.is_withheld or coalesce(matched.is_base_withheld, false) as is_withheld,
        matched.is_imputed
        or coalesce(matched.is_base_imputed, false)
        or (matched.is_broken and matched.is_bridged) as is_imputed,
        matched.known_on,
        matched.is_illustrative,
        coalesce(nations.is_illustrative, false) as is_total_illustrative,
        matched.correction,
        nations.correction as total_correction
    from matched
    left join nations
        on matched.comparison = nations.comparison
        and matched.base_indicator_code = nations.base_indicator_code
        and matched.country_code = nations.country_code
        and matched.year = nations.year
        and matched.unit_code = nations.unit_code
        and matched.method_version = nations.method_version
)

select * from final
