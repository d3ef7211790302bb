{{ config(materialized='view') }}

{# what stands beside a cell: the measures of the same activity, and those of the whole region #}
{% set cell_measures = {
    'establishments': 'establishments', 'consumption': 'consumption', 'outflow': 'outflow',
    'cost': 'production_cost', 'average_wage': 'wage_nominal',
} %}
{% set region_measures = {'population': var('population_indicator'), 'area': 'area'} %}
{% set must_share_unit = ['consumption', 'outflow', 'cost'] %}
{% set sides = region_measures.keys() | list + cell_measures.keys() | list %}
{% set result = [
    'base_indicator_code', 'activity_classifier', 'country_code', 'peer_group', 'region_level',
    'region_code', 'activity_code', 'activity_level', 'year', 'period_end', 'unit_code',
    'method_version', 'value', 'reason_code', 'obs_status', 'conf_status', 'value_low',
    'value_high', 'is_part', 'activity_count', 'region_count', 'region_total', 'activity_total',
    'reference_total', 'region_total_kind', 'reference_kind', 'reference_coverage',
    'region_known_total', 'region_withheld_count', 'region_withheld_low', 'activity_known_total',
    'activity_withheld_count', 'activity_withheld_low', 'population', 'population_total', 'area',
    'area_total', 'establishments', 'establishments_total', 'is_establishments_withheld',
    'consumption', 'outflow', 'cost', 'average_wage',
] %}
{% for name in sides %}
{% do result.append(name ~ '_reason_code') %}
{% do result.append(name ~ '_correction') %}
{% do result.append('is_' ~ name ~ '_illustrative') %}
{% endfor %}
{% do result.extend([
    'is_illustrative', 'is_focus_illustrative', 'is_size_illustrative', 'is_quotient_illustrative',
    'focus_correction', 'size_correction', 'quotient_correction', 'printed_value',
    'printed_reason_code', 'correction_id', 'corrected_value', 'correction_status', 'known_on',
    'observation_id',
]) %}
{# a region without a figure of these measures for any activity has a row that says so #}
{% set expected_measures = ['employment', 'output', 'exports'] %}
{% set of_nothing = {
    'base_indicator_code': 'measure.base_indicator_code',
    'activity_classifier': "'" ~ var('not_applicable_code') ~ "'",
    'country_code': 'measure.country_code',
    'peer_group': 'measure.peer_group',
    'region_level': 'measure.region_level',
    'region_code': 'measure.region_code',
    'activity_code': "'" ~ var('total_code') ~ "'",
    'activity_level': '0',
    'year': 'measure.year',
    'period_end': 'measure.period_end',
    'unit_code': "'" ~ var('not_applicable_code') ~ "'",
    'method_version': "'" ~ var('not_applicable_code') ~ "'",
    'reason_code': reason('missing_input'),
    'is_part': 'false', 'is_illustrative': 'false', 'is_focus_illustrative': 'false',
    'is_size_illustrative': 'false', 'is_quotient_illustrative': 'false',
    'reference_coverage': '0.0',
} %}
{% set no_figures = [] %}
{% for column in result %}
{% set nothing = 'false' if column.startswith('is_') else 'null' %}
{% do no_figures.append(of_nothing.get(column, nothing) ~ ' as ' ~ column) %}
{% endfor %}
{% set side = [
    'indicator_code', 'activity_classifier', 'activity_code', 'country_code', 'year',
] %}

with beside as (
    select
        {{ columns('yearly', side) }},
        yearly.region_code,
        yearly.region_level,
        yearly.peer_group,
        yearly.is_peer,
        yearly.period_end,
        yearly.unit_code,
        yearly.input_value as value,
        yearly.input_reason_code as reason_code,
        yearly.is_illustrative,
        yearly.input_correction as correction,
        {{ is_suppressed('yearly.value', 'yearly.conf_status') }} as is_withheld
    from {{ ref('int_observation__yearly') }} as yearly
    where
        yearly.is_primary
        and (
            (
                yearly.indicator_code in (
                    {{ literals(cell_measures.values()) }}
                )
                and yearly.activity_code <> '{{ var("total_code") }}'
            )
            or (
                yearly.indicator_code in ({{ literals(region_measures.values()) }})
                and yearly.activity_code = '{{ var("total_code") }}'
            )
        )
),

cell_measures as (
    select
        {% for name, indicator in cell_measures.items() %}
        max(case when beside.indicator_code = '{{ indicator }}' then beside.value end)
            as {{ name }},
        max(case when beside.indicator_code = '{{ indicator }}' then beside.reason_code end)
            as {{ name }}_reason_code,
        max(case when beside.indicator_code = '{{ indicator }}' then beside.unit_code end)
            as {{ name }}_unit_code,
        max(case when beside.indicator_code = '{{ indicator }}' then beside.correction end)
            as {{ name }}_correction,
        {{ any_true("beside.indicator_code = '" ~ indicator ~ "' and beside.is_illustrative") }}
            as is_{{ name }}_illustrative,
        {{ any_true("beside.indicator_code = '" ~ indicator ~ "' and beside.is_withheld") }}
            as is_{{ name }}_withheld,
        {% endfor %}
        beside.activity_classifier,
        beside.activity_code,
        beside.region_code,
        beside.year
    from beside
    where beside.activity_code <> '{{ var("total_code") }}'
    group by
        beside.activity_classifier, beside.activity_code, beside.region_code, beside.year
),

region_measures as (
    select
        {% for name, indicator in region_measures.items() %}
        max(case when beside.indicator_code = '{{ indicator }}' then beside.value end)
            as {{ name }},
        max(case when beside.indicator_code = '{{ indicator }}' then beside.reason_code end)
            as {{ name }}_reason_code,
        max(case when beside.indicator_code = '{{ indicator }}' then beside.correction end)
            as {{ name }}_correction,
        {{ any_true("beside.indicator_code = '" ~ indicator ~ "' and beside.is_illustrative") }}
            as is_{{ name }}_illustrative,
        {% endfor %}
        beside.region_code,
        beside.year
    from beside
    where beside.activity_code = '{{ var("total_code") }}'
    group by beside.region_code, beside.year
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

summed as (
    select
        {{ columns('beside', side) }},
        beside.peer_group,
        case
            when
                count(case when {{ is_known('beside.value', 'beside.reason_code') }} then 1 end)
                = max(expected.region_count)
                then {{ ordered_sum('beside.value', 'beside.region_code') }}
        end as value
    from beside
    inner join expected
        on beside.country_code = expected.country_code
        and beside.peer_group = expected.peer_group
        and beside.period_end = expected.period_end
    where
        beside.is_peer
        and beside.indicator_code in (
            {{ literals((region_measures.values() | list + [cell_measures.establishments])) }}
        )
    group by {{ columns('beside', side) }}, beside.peer_group
),

-- of the country as printed, else of its regions, all of them
wholes as (
    select
        {{ columns('summed', side) }},
        summed.peer_group,
        coalesce(national.value, summed.value) as value
    from summed
    left join beside as national
        on {{ same('summed', 'national', side) }}
        and national.region_level = 0
),

cells as (
    select
        cell.base_indicator_code,
        cell.activity_classifier,
        cell.country_code,
        cell.peer_group,
        cell.region_level,
        cell.region_code,
        cell.activity_code,
        cell.activity_level,
        cell.year,
        cell.period_end,
        cell.unit_code,
        cell.method_version,
        cell.value,
        cell.reason_code,
        cell.obs_status,
        cell.conf_status,
        cast(null as double) as value_low,
        cast(null as double) as value_high,
        cell.is_part,
        cell.activity_count,
        cell.region_count,
        cell.region_total,
        cell.activity_total,
        cell.reference_total,
        cell.region_total_kind,
        cell.reference_kind,
        cell.reference_coverage,
        cell.region_known_total,
        cell.region_withheld_count,
        case when cell.region_withheld_count > 0 then 0.0 end as region_withheld_low,
        cell.activity_known_total,
        cell.activity_withheld_count,
        case when cell.activity_withheld_count > 0 then 0.0 end as activity_withheld_low,
        {% for name in region_measures %}
        region.{{ name }},
        {{ name }}_whole.value as {{ name }}_total,
        region.{{ name }}_reason_code,
        region.{{ name }}_correction,
        coalesce(region.is_{{ name }}_illustrative, false) as is_{{ name }}_illustrative,
        {% endfor %}
        establishments_whole.value as establishments_total,
        {% for name in cell_measures %}
        {% if name in must_share_unit %}
        case when beside.{{ name }}_unit_code = cell.unit_code then beside.{{ name }} end
            as {{ name }},
        case
            when beside.{{ name }}_unit_code <> cell.unit_code then {{ reason('unit_break') }}
            else beside.{{ name }}_reason_code
        end as {{ name }}_reason_code,
        {% else %}
        beside.{{ name }},
        beside.{{ name }}_reason_code,
        {% endif %}
        beside.{{ name }}_correction,
        coalesce(beside.is_{{ name }}_illustrative, false) as is_{{ name }}_illustrative,
        {% endfor %}
        coalesce(beside.is_establishments_withheld, false) as is_establishments_withheld,
        cell.is_illustrative,
        cell.is_focus_illustrative,
        cell.is_size_illustrative,
        cell.is_quotient_illustrative,
        cell.focus_correction,
        cell.size_correction,
        cell.quotient_correction,
        cell.printed_value,
        cell.printed_reason_code,
        cell.correction_id,
        cell.corrected_value,
        cell.correction_status,
        cell.known_on,
        cell.observation_id
    from {{ ref('int_activity__totalled') }} as cell
    left join cell_measures as beside
        on cell.activity_classifier = beside.activity_classifier
        and cell.activity_code = beside.activity_code
        and cell.region_code = beside.region_code
        and cell.year = beside.year
    left join region_measures as region
        on cell.region_code = region.region_code
        and cell.year = region.year
    {% for name, indicator in region_measures.items() %}
    left join wholes as {{ name }}_whole
        on cell.country_code = {{ name }}_whole.country_code
        and cell.peer_group = {{ name }}_whole.peer_group
        and cell.year = {{ name }}_whole.year
        and {{ name }}_whole.indicator_code = '{{ indicator }}'
    {% endfor %}
    left join wholes as establishments_whole
        on cell.country_code = establishments_whole.country_code
        and cell.peer_group = establishments_whole.peer_group
        and cell.year = establishments_whole.year
        and cell.activity_classifier = establishments_whole.activity_classifier
        and cell.activity_code = establishments_whole.activity_code
        and establishments_whole.indicator_code = '{{ cell_measures.establishments }}'
),

-- regions that can be compared, whether or not a source says anything of their activities
expected_regions as (
    select
        region.country_code,
        region.peer_group,
        region.region_level,
        region.region_code,
        cast(extract(year from region.period_end) as integer) as year,
        max(region.period_end) as period_end
    from {{ ref('int_region__expected') }} as region
    where region.region_level = 1
    group by
        region.country_code,
        region.peer_group,
        region.region_level,
        region.region_code,
        extract(year from region.period_end)
),

expected_measures as (
    {% for measure in expected_measures %}
    select
        '{{ measure }}' as base_indicator_code,
        {{ base_kind("'" ~ measure ~ "'") }} as base_kind
    {% if not loop.last %}
    union all
    {% endif %}
    {% endfor %}
),

present as (
    select distinct
        cells.region_code,
        cells.year,
        {{ base_kind('cells.base_indicator_code') }} as base_kind
    from cells
),

absent as (
    select
        measure.base_indicator_code,
        region.country_code,
        region.peer_group,
        region.region_level,
        region.region_code,
        region.year,
        region.period_end
    from expected_regions as region
    cross join expected_measures as measure
    left join present
        on region.region_code = present.region_code
        and region.year = present.year
        and measure.base_kind = present.base_kind
    where present.region_code is null
),

united as (
    select {{ columns('cells', result) }}
    from cells
    union all
    select
        {{ no_figures | join(', ') }}
    from absent as measure
),

final as (
    select
        {{ columns('united', result) }},
        {{ base_kind('united.base_indicator_code') }} as base_kind,
        coalesce({{ base_kind('united.base_indicator_code') }} = 'employment', false)
            as is_employment,
        coalesce({{ base_kind('united.base_indicator_code') }} = 'output', false) as is_output,
        coalesce({{ base_kind('united.base_indicator_code') }} = 'exports', false) as is_export
    from united
)

select * from final
