{# what a figure takes of a region: its own value, or population beside it #}
{% set of_value = {
    'flag': 'total.is_illustrative',
    'correction': 'total.correction',
    'imputed': 'total.imputed_part',
    'suppressed': 'total.suppressed_part',
    'vintage': 'total.vintage_on',
} %}
{% set of_both = {
    'flag': 'total.is_illustrative or total.is_population_illustrative',
    'correction': worst_correction(['total.correction', 'total.population_correction']),
    'imputed': 'greatest(total.imputed_part, total.population_imputed_part)',
    'suppressed': 'greatest(total.suppressed_part, total.population_suppressed_part)',
    'vintage': 'greatest(total.vintage_on, total.population_vintage_on)',
} %}
{% set weighings = [
    {
        'quantity': 'as_printed', 'weighting': 'equal', 'where': 'true',
        'value': 'total.value', 'weight': 'cast(1 as double)', 'facts': of_value,
    },
    {
        'quantity': 'as_printed', 'weighting': 'population', 'where': 'not total.is_additive',
        'value': 'total.value', 'weight': 'total.population', 'facts': of_both,
    },
    {
        'quantity': 'per_head', 'weighting': 'equal', 'where': 'total.has_per_head',
        'value': 'total.value_per_head', 'weight': 'cast(1 as double)', 'facts': of_both,
    },
    {
        'quantity': 'per_head', 'weighting': 'population', 'where': 'total.has_per_head',
        'value': 'total.value_per_head', 'weight': 'total.population', 'facts': of_both,
    },
] %}

with panels as (
    select distinct
        total.indicator_code,
        total.country_code,
        total.region_level,
        total.peer_group,
        total.year,
        total.period_end,
        total.unit_code,
        total.method_version,
        total.is_additive,
        total.has_per_head
    from {{ ref('int_indicator__per_head') }} as total
    where total.is_peer
),

-- one row per region that should be there, so that an absent one is seen
totals as (
    select
        panels.indicator_code,
        panels.country_code,
        panels.region_level,
        panels.peer_group,
        panels.year,
        panels.period_end,
        panels.unit_code,
        panels.method_version,
        panels.is_additive,
        panels.has_per_head,
        expected.region_code,
        expected.parent_code,
        total.value,
        total.value_per_head,
        total.population,
        coalesce(total.is_illustrative, false) as is_illustrative,
        coalesce(total.is_population_illustrative, false) as is_population_illustrative,
        total.correction,
        total.population_correction,
        total.imputed_part,
        total.population_imputed_part,
        total.suppressed_part,
        total.population_suppressed_part,
        total.vintage_on,
        total.population_vintage_on
    from panels
    inner join {{ ref('int_region__expected') }} as expected
        on panels.country_code = expected.country_code
        and panels.peer_group = expected.peer_group
        and panels.period_end = expected.period_end
    left join {{ ref('int_indicator__per_head') }} as total
        on panels.indicator_code = total.indicator_code
        and panels.year = total.year
        and panels.unit_code = total.unit_code
        and panels.method_version = total.method_version
        and expected.region_code = total.region_code
),

final as (
    {% for weighing in weighings %}
    select
        total.indicator_code,
        '{{ weighing.quantity }}' as quantity_kind,
        '{{ weighing.weighting }}' as weighting,
        total.country_code,
        total.region_level,
        total.peer_group,
        total.year,
        total.period_end,
        total.unit_code,
        total.method_version,
        total.region_code,
        total.parent_code,
        {{ weighing.value }} as value,
        {{ weighing.weight }} as weight,
        {{ weighing.facts.flag }} as is_illustrative,
        {{ weighing.facts.correction }} as correction,
        {{ weighing.facts.imputed }} as imputed_part,
        {{ weighing.facts.suppressed }} as suppressed_part,
        {{ weighing.facts.vintage }} as vintage_on
    from totals as total
    where {{ weighing.where }}
    {% if not loop.last %}
    union all
    {% endif %}
    {% endfor %}
)

select * from final
