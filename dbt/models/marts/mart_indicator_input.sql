{{ config(
    materialized='view',
    post_hook=["{{ create_explain() }}", "{{ comment_on_explain() }}"],
) }}

-- depends_on: {{ ref('fct_observation') }}, {{ ref('dim_source_file') }}

{% set key = [
    'indicator_code', 'region_code', 'cluster_code', 'activity_classifier', 'activity_code', 'year',
    'base_indicator_code', 'method_version', 'unit_code',
] %}
{% set series = [
    'indicator_code', 'activity_classifier', 'country_code', 'period_end', 'unit_code',
    'method_version',
] %}
{% set region_key = [
    'base_indicator_code', 'region_code', 'activity_classifier', 'year', 'method_version',
] %}
{# families whose inputs a view of their own tells: int_<family>__lineage #}
{% set lineages = [
    'specialisation', 'structure', 'strength_share', 'concentration', 'agglomeration', 'dynamics',
    'shift_share', 'mobility', 'convergence', 'composite', 'quality', 'percentile',
    'regional',
] %}

with figures as (
    select
        {{ columns('figure', key) }},
        figure.country_code,
        figure.observation_id,
        figure.change
    from {{ ref('mart_indicator') }} as figure
),

yearly as (
    select
        observation.observation_id,
        {{ columns('observation', series) }},
        observation.region_code,
        observation.region_level,
        observation.activity_code,
        observation.year,
        observation.is_primary,
        observation.value,
        observation.input_value,
        observation.corrected_value,
        observation.correction_status,
        observation.obs_status,
        observation.reason_code,
        observation.is_illustrative
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

structure_inputs as (
    select distinct
        {{ columns('cells', region_key) }},
        'region_total' as role_code,
        total_parts.observation_id
    from cells
    inner join total_parts
        on {{ same('cells', 'total_parts', series) }}
        and cells.region_code = total_parts.region_code
        and cells.region_total_kind = total_parts.total_kind
    where cells.is_part
),

-- what population is for in a disparity: it divides, or it weighs
uses as (
    select
        'per_head' as quantity_kind,
        cast(null as varchar) as weighting,
        'population' as role_code
    union all
    select
        cast(null as varchar) as quantity_kind,
        'population' as weighting,
        'weight' as role_code
),

-- regions of a disparity: their figures, and their population where it divides or weighs
panel_inputs as (
    select
        region.indicator_code as base_indicator_code,
        region.country_code,
        region.year,
        {{ disparity_method('region') }} as panel_method,
        'member' as role_code,
        yearly.observation_id
    from {{ ref('int_disparity__input') }} as region
    inner join yearly
        on region.indicator_code = yearly.indicator_code
        and region.region_code = yearly.region_code
        and region.year = yearly.year
        and region.unit_code = yearly.unit_code
        and region.method_version = yearly.method_version
        and yearly.activity_code = '{{ var("total_code") }}'
    union all
    select
        region.indicator_code as base_indicator_code,
        region.country_code,
        region.year,
        {{ disparity_method('region') }} as panel_method,
        uses.role_code,
        yearly.observation_id
    from {{ ref('int_disparity__input') }} as region
    inner join uses
        on region.quantity_kind = uses.quantity_kind
        or region.weighting = uses.weighting
    inner join yearly
        on region.region_code = yearly.region_code
        and region.year = yearly.year
        and yearly.indicator_code = '{{ var("population_indicator") }}'
        and yearly.activity_code = '{{ var("total_code") }}'
        and yearly.is_primary
),

inputs as (
    select
        {{ columns('figures', key) }},
        'value' as role_code,
        figures.observation_id
    from figures
    where figures.observation_id is not null
    union all
    select
        {{ columns('figures', key) }},
        'previous' as role_code,
        before.observation_id
    from figures
    inner join figures as before
        on figures.indicator_code = before.indicator_code
        and figures.region_code = before.region_code
        and figures.activity_classifier = before.activity_classifier
        and figures.activity_code = before.activity_code
        and figures.base_indicator_code = before.base_indicator_code
        and figures.method_version = before.method_version
        and figures.unit_code = before.unit_code
        and figures.year = before.year + 1
    where
        figures.change is not null
        and before.observation_id is not null
    {% for family in lineages %}
    union all
    select
        {{ columns('figures', key) }},
        lineage.role_code,
        lineage.observation_id
    from figures
    inner join {{ ref('int_' ~ family ~ '__lineage') }} as lineage
        on {{ same('figures', 'lineage', key) }}
    {% endfor %}
    union all
    select
        {{ columns('figures', key) }},
        structure_inputs.role_code,
        structure_inputs.observation_id
    from figures
    inner join structure_inputs on {{ same('figures', 'structure_inputs', region_key) }}
    where figures.indicator_code = 'SPZ_HHI'
    union all
    select
        {{ columns('figures', key) }},
        panel_inputs.role_code,
        panel_inputs.observation_id
    from figures
    inner join panel_inputs
        on figures.base_indicator_code = panel_inputs.base_indicator_code
        and figures.country_code = panel_inputs.country_code
        and figures.year = panel_inputs.year
        and {{ panel_method('figures.method_version') }} = panel_inputs.panel_method
),

final as (
    select
        {{ columns('inputs', key) }},
        inputs.role_code,
        inputs.observation_id,
        yearly.indicator_code as input_indicator_code,
        yearly.region_code as input_region_code,
        yearly.activity_classifier as input_activity_classifier,
        yearly.activity_code as input_activity_code,
        yearly.year as input_year,
        case
            when inputs.role_code = 'value' and inputs.indicator_code = inputs.base_indicator_code
                then yearly.value
            else yearly.input_value
        end as input_value,
        yearly.unit_code as input_unit_code,
        yearly.obs_status as input_obs_status,
        yearly.reason_code as input_reason_code,
        yearly.is_illustrative as is_input_illustrative,
        yearly.corrected_value as input_corrected_value,
        yearly.correction_status as input_correction_status
    from inputs
    inner join yearly on inputs.observation_id = yearly.observation_id
)

select * from final
