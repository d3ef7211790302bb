{% set place = [
    'activity_classifier', 'activity_code', 'country_code', 'region_code', 'region_level',
    'peer_group', 'year',
] %}
{% set one = var('specialised_quotient') %}
{% set specialised = [('cell.quotient', '>=', one, one)] %}

with cells as (
    select
        {{ columns('cell', place) }},
        cell.base_indicator_code,
        cell.base_kind,
        cell.observation_id,
        cell.period_end,
        cell.region_count,
        cell.known_on,
        cell.imputed_share,
        cell.activity_suppressed_share,
        cell.is_quotient_illustrative as is_illustrative,
        cell.quotient_correction as correction,
        cell.location_quotient_reason_code as reason_code,
        coalesce(cell.location_quotient is not null or cell.quotient_low is not null, false)
            as is_known,
        {{ holds(specialised) }} as is_specialised
    from {{ ref('int_specialisation__computed') }} as cell
    where
        cell.base_kind in (
            {{ literals(var("strength_bases")) }}
        )
        and (cell.activity_code <> '{{ var("total_code") }}' or cell.is_employment)
),

-- one vote a base: when two measures stand for it, it agrees when both do
bases as (
    select
        {{ columns('cells', place) }},
        cells.base_kind,
        min(cells.base_indicator_code) as base_indicator_code,
        max(cells.period_end) as period_end,
        max(cells.region_count) as region_count,
        max(cells.known_on) as known_on,
        max(cells.imputed_share) as imputed_share,
        max(cells.activity_suppressed_share) as activity_suppressed_share,
        {{ any_true('cells.is_illustrative') }} as is_illustrative,
        max(cells.correction) as correction,
        min(cells.reason_code) as reason_code,
        {{ all_true('cells.is_known') }} as is_known,
        {{ any_true('cells.is_known and cells.is_specialised is null') }} as is_undetermined,
        min(cells.is_specialised) as is_specialised
    from cells
    group by {{ columns('cells', place) }}, cells.base_kind
),

counted as (
    select
        {{ columns('bases', place) }},
        min(bases.base_indicator_code) as base_indicator_code,
        max(bases.period_end) as period_end,
        max(bases.region_count) as region_count,
        max(bases.known_on) as known_on,
        max(bases.imputed_share) as imputed_share,
        max(bases.activity_suppressed_share) as suppressed_share,
        {{ any_true('bases.is_illustrative') }} as is_illustrative,
        max(bases.correction) as correction,
        min(bases.reason_code) as reason_code,
        count(case when bases.is_known then 1 end) as known_count,
        {{ any_true('bases.is_undetermined') }} as is_undetermined,
        {{ joined_text(
            'case when bases.is_known then bases.base_kind end', 'bases.base_kind', '+'
        ) }} as known_bases,
        sum(case when bases.is_known then bases.is_specialised end) as agreeing_count
    from bases
    group by {{ columns('bases', place) }}
),

explained as (
    select
        {{ columns('counted', place) }},
        counted.base_indicator_code,
        counted.period_end,
        counted.region_count,
        counted.known_on,
        counted.imputed_share,
        counted.suppressed_share,
        counted.is_illustrative,
        counted.correction,
        counted.known_bases,
        counted.agreeing_count,
        {{ computed(ratio(
            'cast(counted.known_count as double)', var('strength_bases') | length
        )) }} as coverage,
        {{ first_reason([
            ["counted.known_count = 0", "counted.reason_code"],
            ["counted.is_undetermined", reason('undetermined')],
        ]) }} as reason_code
    from counted
),

final as (
    select
        {{ columns('explained', place) }},
        explained.base_indicator_code,
        explained.period_end,
        explained.region_count,
        explained.known_on,
        explained.imputed_share,
        explained.suppressed_share,
        explained.is_illustrative,
        explained.correction,
        explained.known_bases,
        explained.coverage,
        case when explained.reason_code is null then explained.agreeing_count end as agreeing_count,
        explained.reason_code
    from explained
)

select * from final
