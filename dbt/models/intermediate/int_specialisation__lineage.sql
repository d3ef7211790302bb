{{ config(materialized='view') }}

{% set series = [
    'indicator_code', 'activity_classifier', 'country_code', 'period_end', 'unit_code',
    'method_version',
] %}
{% set cell_key = [
    'base_indicator_code', 'region_code', 'activity_classifier', 'activity_code', 'year',
    'method_version',
] %}
{% set key = [
    'indicator_code', 'region_code', 'cluster_code', 'activity_classifier', 'activity_code', 'year',
    'base_indicator_code', 'method_version', 'unit_code',
] %}
{% set beside_cell = {
    'establishments': 'establishments', 'consumption': 'consumption', 'outflow': 'outflow',
    'production_cost': 'cost', 'wage_nominal': 'average_wage',
} %}
{% set beside_region = {var('population_indicator'): 'population', 'area': 'area'} %}
{% set totals = ['value', 'region_total', 'activity_total', 'grand_total'] %}
{% set of_establishments = ['establishments', 'establishments_total'] %}
{% set of_population = ['population', 'population_total'] %}
{% set in_line = totals + ['peer'] %}
{# indicator, unit, what its method adds, roles of what it is computed from #}
{% set figures_from = [
    ('SPC_LQ', 'ratio', none, totals),
    ('SPC_LQ_REST', 'ratio', none, totals),
    ('SPC_LQ_ADD', 'percentage_points', none, totals),
    ('SPC_LQ_SYM', 'ratio', none, totals),
    ('SPC_LQ_LO', 'ratio', none, totals),
    ('SPC_LQ_HI', 'ratio', none, totals),
    ('SPC_LQ_Z', 'ratio', 'of=quotient;' ~ rule_method('SPC_LQ_Z'), in_line),
    ('SPC_LQ_Z', 'ratio', 'of=log_quotient;' ~ rule_method('SPC_LQ_Z'), in_line),
    ('SPC_KL', 'ratio', none, totals),
    ('SPC_IS', 'ratio', none, totals),
    ('SPC_RCA', 'ratio', none, totals),
    ('SPC_SIZE', 'per_cent', none, ['value', 'activity_total']),
    ('SPC_FOCUS', 'per_cent', none, ['value', 'region_total']),
    ('SPC_KDP', 'ratio', none, ['value', 'activity_total'] + of_population),
    ('SPC_KUR', 'ratio', none, ['value', 'consumption']),
    ('SPC_KMT', 'ratio', none, ['value', 'outflow']),
    ('SPC_KE', 'ratio', none, ['value', 'cost']),
    ('SPC_AVGSIZE', 'persons', none, ['value', 'establishments']),
    (
        'SPC_LS', 'ratio', none,
        ['value', 'activity_total', 'area', 'area_total'] + of_establishments + of_population,
    ),
    ('STR_STARS', 'score', rule_method('STR_STARS'), in_line),
    ('STR_QUAL', 'score', rule_method('STR_QUAL'), in_line + ['establishments']),
    ('STR_SIGN', 'score', rule_method('STR_SIGN'), in_line + ['establishments']),
    ('STR_STRONG', 'score', rule_method('STR_STRONG'), in_line + ['establishments']),
    ('STR_STRONG10', 'score', rule_method('STR_STRONG10'), in_line + ['establishments']),
    ('STR_PANO', 'score', rule_method('STR_PANO'), totals + ['average_wage']),
    ('STR_RU', 'score', rule_method('STR_RU'), totals + of_population),
    ('STR_ABS', 'score', rule_method('STR_ABS'), totals + ['establishments']),
] %}

with yearly as (
    select
        observation.observation_id,
        {{ columns('observation', series) }},
        observation.region_code,
        observation.region_level,
        observation.peer_group,
        observation.is_peer,
        observation.activity_code,
        observation.year,
        observation.is_primary,
        observation.input_value is not null as is_known
    from {{ ref('int_observation__yearly') }} as observation
),

cells as (
    select
        cell.observation_id,
        cell.base_indicator_code,
        cell.base_indicator_code as indicator_code,
        cell.activity_classifier,
        cell.country_code,
        cell.period_end,
        cell.unit_code,
        cell.method_version,
        cell.activity_code,
        cell.is_part,
        cell.region_code,
        cell.peer_group,
        cell.year,
        cell.region_total_kind,
        cell.reference_kind
    from {{ ref('int_activity__totalled') }} as cell
),

parts as (
    select
        {{ columns('part', series) }},
        part.activity_code
    from {{ ref('int_activity__part') }} as part
),

part_series as (
    select distinct {{ columns('parts', series) }}
    from parts
),

-- what makes the total of a region or country: one printed cell, or the cells of its activities
total_parts as (
    select
        {{ columns('part_series', series) }},
        yearly.region_code,
        'printed_total' as total_kind,
        yearly.observation_id
    from part_series
    inner join yearly
        on part_series.indicator_code = yearly.indicator_code
        and part_series.country_code = yearly.country_code
        and part_series.period_end = yearly.period_end
        and part_series.unit_code = yearly.unit_code
        and part_series.method_version = yearly.method_version
        and yearly.activity_code = '{{ var("total_code") }}'
    union all
    select
        {{ columns('yearly', series) }},
        yearly.region_code,
        'sum_of_activities' as total_kind,
        yearly.observation_id
    from yearly
    inner join parts
        on {{ same('yearly', 'parts', series) }}
        and yearly.activity_code = parts.activity_code
    where yearly.is_primary
),

-- one line of a table: an activity over the regions that are compared
lines as (
    select distinct
        {{ columns('cells', series) }},
        cells.peer_group,
        cells.activity_code,
        cells.reference_kind
    from cells
),

-- what a region is measured against: the cell of the country, or those of all its peers
reference_cells as (
    select
        {{ columns('lines', series) }},
        lines.peer_group,
        lines.activity_code,
        yearly.region_code,
        yearly.observation_id
    from lines
    inner join yearly
        on {{ same('lines', 'yearly', series) }}
        and lines.activity_code = yearly.activity_code
        and yearly.is_primary
        and yearly.region_level = 0
    where lines.reference_kind = 'printed_national'
    union all
    select
        {{ columns('lines', series) }},
        lines.peer_group,
        lines.activity_code,
        cells.region_code,
        cells.observation_id
    from lines
    inner join cells
        on {{ same('lines', 'cells', series) }}
        and lines.peer_group = cells.peer_group
        and lines.activity_code = cells.activity_code
        and cells.region_total_kind is not null
    where lines.reference_kind = 'sum_of_regions'
),

-- measures of the same cell
beside as (
    select
        case yearly.indicator_code
            {% for indicator, role in beside_cell.items() %}
            when '{{ indicator }}' then '{{ role }}'
            {% endfor %}
        end as role_code,
        yearly.activity_classifier,
        yearly.activity_code,
        yearly.region_code,
        yearly.year,
        yearly.observation_id
    from yearly
    where
        yearly.is_primary
        and yearly.indicator_code in ({{ literals(beside_cell.keys()) }})
        and yearly.activity_code <> '{{ var("total_code") }}'
),

of_regions as (
    select
        case yearly.indicator_code
            {% for indicator, role in beside_region.items() %}
            when '{{ indicator }}' then '{{ role }}'
            {% endfor %}
        end as role_code,
        yearly.region_code,
        yearly.year,
        yearly.observation_id
    from yearly
    where
        yearly.is_primary
        and yearly.indicator_code in ({{ literals(beside_region.keys()) }})
        and yearly.activity_code = '{{ var("total_code") }}'
),

measures_with_wholes as (
    select
        yearly.indicator_code,
        case yearly.indicator_code
            {% for indicator, role in beside_region.items() %}
            when '{{ indicator }}' then '{{ role }}_total'
            {% endfor %}
            else 'establishments_total'
        end as role_code,
        yearly.country_code,
        yearly.activity_classifier,
        yearly.activity_code,
        yearly.region_level,
        yearly.peer_group,
        yearly.is_peer,
        yearly.year,
        yearly.is_known,
        yearly.observation_id
    from yearly
    where
        yearly.is_primary
        and (
            (
                yearly.indicator_code in ({{ literals(beside_region.keys()) }})
                and yearly.activity_code = '{{ var("total_code") }}'
            )
            or (
                yearly.indicator_code = 'establishments'
                and yearly.activity_code <> '{{ var("total_code") }}'
            )
        )
),

peer_groups as (
    select distinct
        cells.country_code,
        cells.peer_group
    from cells
),

-- the figure of the country, else those of all its regions
wholes as (
    select
        national.role_code,
        national.country_code,
        peer_groups.peer_group,
        national.activity_classifier,
        national.activity_code,
        national.year,
        national.observation_id
    from measures_with_wholes as national
    inner join peer_groups on national.country_code = peer_groups.country_code
    where
        national.region_level = 0
        and national.is_known
    union all
    select
        regional.role_code,
        regional.country_code,
        regional.peer_group,
        regional.activity_classifier,
        regional.activity_code,
        regional.year,
        regional.observation_id
    from measures_with_wholes as regional
    left join measures_with_wholes as national
        on regional.indicator_code = national.indicator_code
        and regional.country_code = national.country_code
        and regional.activity_classifier = national.activity_classifier
        and regional.activity_code = national.activity_code
        and regional.year = national.year
        and national.region_level = 0
        and national.is_known
    where
        regional.is_peer
        and national.observation_id is null
),

cell_inputs as (
    select
        {{ columns('cells', cell_key) }},
        'value' as role_code,
        cells.observation_id
    from cells
    union all
    select
        {{ columns('cells', cell_key) }},
        'region_total' as role_code,
        total_parts.observation_id
    from cells
    inner join total_parts
        on {{ same('cells', 'total_parts', series) }}
        and cells.region_code = total_parts.region_code
        and cells.region_total_kind = total_parts.total_kind
    union all
    select
        {{ columns('cells', cell_key) }},
        'activity_total' as role_code,
        reference_cells.observation_id
    from cells
    inner join reference_cells
        on {{ same('cells', 'reference_cells', series) }}
        and cells.peer_group = reference_cells.peer_group
        and cells.activity_code = reference_cells.activity_code
    union all
    select
        {{ columns('cells', cell_key) }},
        'grand_total' as role_code,
        total_parts.observation_id
    from cells
    inner join reference_cells
        on {{ same('cells', 'reference_cells', series) }}
        and cells.peer_group = reference_cells.peer_group
        and cells.activity_code = reference_cells.activity_code
    inner join total_parts
        on {{ same('cells', 'total_parts', series) }}
        and reference_cells.region_code = total_parts.region_code
        and cells.region_total_kind = total_parts.total_kind
    union all
    select
        {{ columns('cells', cell_key) }},
        'peer' as role_code,
        others.observation_id
    from cells
    inner join cells as others
        on {{ same('cells', 'others', series) }}
        and cells.peer_group = others.peer_group
        and cells.activity_code = others.activity_code
    union all
    select
        {{ columns('cells', cell_key) }},
        beside.role_code,
        beside.observation_id
    from cells
    inner join beside
        on cells.activity_classifier = beside.activity_classifier
        and cells.activity_code = beside.activity_code
        and cells.region_code = beside.region_code
        and cells.year = beside.year
    union all
    select
        {{ columns('cells', cell_key) }},
        of_regions.role_code,
        of_regions.observation_id
    from cells
    inner join of_regions
        on cells.region_code = of_regions.region_code
        and cells.year = of_regions.year
    union all
    select
        {{ columns('cells', cell_key) }},
        wholes.role_code,
        wholes.observation_id
    from cells
    inner join wholes
        on cells.country_code = wholes.country_code
        and cells.peer_group = wholes.peer_group
        and cells.year = wholes.year
        and (
            wholes.activity_code = '{{ var("total_code") }}'
            or (
                cells.activity_classifier = wholes.activity_classifier
                and cells.activity_code = wholes.activity_code
            )
        )
),

needs as (
    {% for indicator, unit, said, roles in figures_from %}
    {% set is_last_figure = loop.last %}
    {% for role in roles %}
    select
        '{{ indicator }}' as indicator_code,
        '{{ unit }}' as unit_code,
        {{ "cast(null as varchar)" if said is none else "'" ~ said ~ "'" }} as method_said,
        '{{ role }}' as role_code
    {% if not (loop.last and is_last_figure) %}
    union all
    {% endif %}
    {% endfor %}
    {% endfor %}
),

inputs as (
    select
        needs.indicator_code,
        cell_inputs.region_code,
        '{{ var("not_applicable_code") }}' as cluster_code,
        cell_inputs.activity_classifier,
        cell_inputs.activity_code,
        cell_inputs.year,
        cell_inputs.base_indicator_code,
        case
            when needs.method_said is null then cell_inputs.method_version
            else {{ with_method('cell_inputs.method_version', 'needs.method_said') }}
        end as method_version,
        needs.unit_code,
        needs.role_code,
        cell_inputs.observation_id
    from cell_inputs
    inner join needs on cell_inputs.role_code = needs.role_code
    union all
    select
        'STR_BASE' as indicator_code,
        bases.region_code,
        '{{ var("not_applicable_code") }}' as cluster_code,
        bases.activity_classifier,
        bases.activity_code,
        bases.year,
        bases.base_indicator_code,
        '{{ rule_method("STR_BASE") }}' || coalesce(bases.known_bases, '') as method_version,
        'score' as unit_code,
        cell_inputs.role_code,
        cell_inputs.observation_id
    from {{ ref('int_specialisation__bases') }} as bases
    inner join cell_inputs
        on bases.region_code = cell_inputs.region_code
        and bases.activity_classifier = cell_inputs.activity_classifier
        and bases.activity_code = cell_inputs.activity_code
        and bases.year = cell_inputs.year
    inner join needs
        on cell_inputs.role_code = needs.role_code
        and needs.indicator_code = 'SPC_LQ'
    where
        {{ base_kind('cell_inputs.base_indicator_code') }}
        in ({{ literals(var("strength_bases")) }})
),

final as (
    select distinct
        {{ columns('inputs', key) }},
        inputs.role_code,
        inputs.observation_id
    from inputs
)

select * from final
