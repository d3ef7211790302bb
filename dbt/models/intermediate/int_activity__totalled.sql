{% set series = [
    'indicator_code', 'activity_classifier', 'country_code', 'period_end', 'unit_code',
    'method_version',
] %}
{# a total of which a part is negative has no shares: it counts as one with a part missing #}
{% set counts_in_total = is_known('cells.value', 'cells.reason_code')
    ~ ' and coalesce(cells.value, 0) >= 0' %}

with cells as (
    select
        yearly.observation_id,
        yearly.indicator_code,
        yearly.activity_classifier,
        yearly.activity_code,
        activity.activity_level,
        yearly.country_code,
        yearly.region_code,
        yearly.region_level,
        yearly.peer_group,
        yearly.is_peer,
        yearly.year,
        yearly.period_end,
        yearly.unit_code,
        yearly.method_version,
        yearly.value as printed_value,
        yearly.input_value as value,
        yearly.obs_status,
        yearly.conf_status,
        yearly.reason_code as printed_reason_code,
        yearly.input_reason_code as reason_code,
        yearly.is_illustrative,
        yearly.correction_id,
        yearly.corrected_value,
        yearly.correction_status,
        yearly.input_correction as correction,
        {{ is_suppressed('yearly.value', 'yearly.conf_status') }} as is_withheld,
        {{ known_on('yearly') }} as known_on
    from {{ ref('int_observation__yearly') }} as yearly
    inner join {{ ref('indicators') }} as indicator
        on yearly.indicator_code = indicator.indicator_code
    inner join {{ ref('activities') }} as activity
        on yearly.activity_classifier = activity.classifier_code
        and yearly.activity_code = activity.activity_code
    where
        yearly.is_primary
        and indicator.is_additive
        and (yearly.is_peer or yearly.region_level = 0)
),

part_counts as (
    select
        {{ columns('parts', series) }},
        count(*) as activity_count
    from {{ ref('int_activity__part') }} as parts
    group by {{ columns('parts', series) }}
),

-- what each region's activities add up to, and whether a cell is missing in the sum
region_sums as (
    select
        {{ columns('cells', series) }},
        cells.region_code,
        cells.region_level,
        cells.peer_group,
        part_counts.activity_count,
        count(case when {{ counts_in_total }} then 1 end)
        = part_counts.activity_count as is_complete,
        {{ ordered_sum('cells.value', 'cells.activity_code') }} as value,
        count(case when cells.is_withheld then 1 end) as withheld_count,
        {{ any_true('cells.is_illustrative') }} as is_illustrative,
        max(cells.correction) as correction,
        max(cells.known_on) as known_on
    from cells
    inner join {{ ref('int_activity__part') }} as parts
        on {{ same('cells', 'parts', series) }}
        and cells.activity_code = parts.activity_code
    inner join part_counts on {{ same('cells', 'part_counts', series) }}
    group by
        {{ columns('cells', series) }},
        cells.region_code,
        cells.region_level,
        cells.peer_group,
        part_counts.activity_count
),

region_totals as (
    select
        {{ columns('region_sums', series) }},
        region_sums.region_code,
        region_sums.region_level,
        region_sums.peer_group,
        region_sums.activity_count,
        printed.value is not null as is_printed,
        printed.input_value as printed_value,
        printed.is_illustrative as is_printed_illustrative,
        printed.input_correction as printed_correction,
        case when region_sums.is_complete then region_sums.value end as summed_value,
        region_sums.is_illustrative as is_summed_illustrative,
        region_sums.correction as summed_correction,
        region_sums.value as known_value,
        region_sums.withheld_count,
        region_sums.known_on as summed_known_on,
        {{ known_on('printed') }} as printed_known_on
    from region_sums
    left join {{ ref('int_observation__yearly') }} as printed
        on region_sums.indicator_code = printed.indicator_code
        and region_sums.region_code = printed.region_code
        and region_sums.period_end = printed.period_end
        and region_sums.unit_code = printed.unit_code
        and region_sums.method_version = printed.method_version
        and printed.activity_code = '{{ var("total_code") }}'
),

-- one kind of total for all regions of a level: printed for each of them, or summed for each
levels as (
    select
        {{ columns('region_totals', series) }},
        region_totals.peer_group,
        {{ all_true('region_totals.is_printed') }} as is_printed
    from region_totals
    where region_totals.region_level > 0
    group by {{ columns('region_totals', series) }}, region_totals.peer_group
),

-- the totals that serve a level: those of its regions, and the country's
level_totals as (
    select
        {{ columns('levels', series) }},
        levels.peer_group,
        region_totals.region_code,
        region_totals.region_level = 0 as is_country,
        region_totals.activity_count,
        case
            when levels.is_printed then 'printed_total' else 'sum_of_activities'
        end as region_total_kind,
        case
            when levels.is_printed then region_totals.printed_value
            else region_totals.summed_value
        end as value,
        case
            when levels.is_printed then region_totals.is_printed_illustrative
            else region_totals.is_summed_illustrative
        end as is_illustrative,
        case
            when levels.is_printed then region_totals.printed_correction
            else region_totals.summed_correction
        end as correction,
        region_totals.known_value,
        region_totals.withheld_count,
        case
            when levels.is_printed then region_totals.printed_known_on
            else region_totals.summed_known_on
        end as known_on
    from levels
    inner join region_totals
        on {{ same('levels', 'region_totals', series) }}
        and (levels.peer_group = region_totals.peer_group or region_totals.region_level = 0)
),

expected as (
    select
        region.country_code,
        region.peer_group,
        region.period_end,
        count(*) as region_count
    from {{ ref('int_region__expected') }} as region
    group by region.country_code, region.peer_group, region.period_end
),

-- over the regions of a level, per activity: x_i and x, with how many regions they rest on
summed_references as (
    select
        {{ columns('cells', series) }},
        cells.peer_group,
        cells.activity_code,
        {{ ordered_sum('cells.value', 'cells.region_code') }} as activity_total,
        {{ ordered_sum('level_totals.value', 'cells.region_code') }} as reference_total,
        count(
            case
                when
                    {{ counts_in_total }}
                    and level_totals.value is not null
                    then 1
            end
        ) as region_count,
        count(case when cells.is_withheld then 1 end) as withheld_count,
        {{ any_true('cells.is_illustrative or level_totals.is_illustrative') }} as is_illustrative,
        max({{ worst_correction(['cells.correction', 'level_totals.correction']) }}) as correction,
        max(greatest(cells.known_on, level_totals.known_on)) as known_on
    from cells
    inner join level_totals
        on {{ same('cells', 'level_totals', series) }}
        and cells.region_code = level_totals.region_code
        and not level_totals.is_country
    group by {{ columns('cells', series) }}, cells.peer_group, cells.activity_code
),

printed_references as (
    select
        {{ columns('cells', series) }},
        level_totals.peer_group,
        cells.activity_code,
        cells.value as activity_total,
        level_totals.value as reference_total,
        {{ any_true_of(['cells.is_illustrative', 'level_totals.is_illustrative']) }}
            as is_illustrative,
        {{ worst_correction(['cells.correction', 'level_totals.correction']) }} as correction,
        greatest(cells.known_on, level_totals.known_on) as known_on
    from cells
    inner join level_totals
        on {{ same('cells', 'level_totals', series) }}
        and cells.region_code = level_totals.region_code
        and level_totals.is_country
    where
        (cells.value is not null or {{ is_pending('cells.correction') }})
        and (level_totals.value is not null or {{ is_pending('level_totals.correction') }})
),

reference_values as (
    select
        {{ columns('summed_references', series) }},
        summed_references.peer_group,
        summed_references.activity_code,
        case
            when printed_references.activity_code is not null then 'printed_national'
            else 'sum_of_regions'
        end as reference_kind,
        case
            when printed_references.activity_code is not null then 1.0
            else {{ ratio('summed_references.region_count', 'expected.region_count') }}
        end as reference_coverage,
        case
            when printed_references.activity_code is not null then printed_references.activity_total
            else summed_references.activity_total
        end as activity_total,
        case
            when printed_references.activity_code is not null
                then printed_references.reference_total
            else summed_references.reference_total
        end as reference_total,
        coalesce(
            printed_references.is_illustrative, summed_references.is_illustrative
        ) as is_illustrative,
        case
            when printed_references.activity_code is not null then printed_references.correction
            else summed_references.correction
        end as correction,
        expected.region_count,
        summed_references.activity_total as known_total,
        summed_references.withheld_count,
        case
            when printed_references.activity_code is not null then printed_references.known_on
            else summed_references.known_on
        end as known_on
    from summed_references
    inner join expected
        on summed_references.country_code = expected.country_code
        and summed_references.peer_group = expected.peer_group
        and summed_references.period_end = expected.period_end
    left join printed_references
        on {{ same('summed_references', 'printed_references', series) }}
        and summed_references.peer_group = printed_references.peer_group
        and summed_references.activity_code = printed_references.activity_code
),

final as (
    select
        cells.observation_id,
        cells.indicator_code as base_indicator_code,
        cells.activity_classifier,
        cells.activity_code,
        cells.activity_level,
        parts.activity_code is not null as is_part,
        level_totals.activity_count,
        cells.country_code,
        cells.region_code,
        cells.region_level,
        cells.peer_group,
        cells.year,
        cells.period_end,
        cells.unit_code,
        cells.method_version,
        cells.printed_value,
        cells.value,
        cells.obs_status,
        cells.conf_status,
        cells.printed_reason_code,
        cells.reason_code,
        cells.is_illustrative,
        cells.correction_id,
        cells.corrected_value,
        cells.correction_status,
        level_totals.region_total_kind,
        level_totals.value as region_total,
        reference_values.reference_kind,
        reference_values.reference_coverage,
        case
            when reference_values.reference_coverage >= 1 then reference_values.activity_total
        end as activity_total,
        case
            when reference_values.reference_coverage >= 1 then reference_values.reference_total
        end as reference_total,
        {{ any_true_of([
            'cells.is_illustrative', 'level_totals.is_illustrative',
        ]) }} as is_focus_illustrative,
        {{ any_true_of([
            'cells.is_illustrative', 'reference_values.is_illustrative',
        ]) }} as is_size_illustrative,
        {{ any_true_of([
            'cells.is_illustrative', 'level_totals.is_illustrative',
            'reference_values.is_illustrative',
        ]) }} as is_quotient_illustrative,
        {{ worst_correction(['cells.correction', 'level_totals.correction']) }}
            as focus_correction,
        {{ worst_correction(['cells.correction', 'reference_values.correction']) }}
            as size_correction,
        {{ worst_correction([
            'cells.correction', 'level_totals.correction', 'reference_values.correction',
        ]) }} as quotient_correction,
        level_totals.known_value as region_known_total,
        level_totals.withheld_count as region_withheld_count,
        reference_values.known_total as activity_known_total,
        reference_values.withheld_count as activity_withheld_count,
        reference_values.region_count,
        greatest(cells.known_on, level_totals.known_on, reference_values.known_on) as known_on
    from cells
    left join {{ ref('int_activity__part') }} as parts
        on {{ same('cells', 'parts', series) }}
        and cells.activity_code = parts.activity_code
    left join level_totals
        on {{ same('cells', 'level_totals', series) }}
        and cells.region_code = level_totals.region_code
        and not level_totals.is_country
    left join reference_values
        on {{ same('cells', 'reference_values', series) }}
        and cells.peer_group = reference_values.peer_group
        and cells.activity_code = reference_values.activity_code
    where cells.is_peer
)

select * from final
