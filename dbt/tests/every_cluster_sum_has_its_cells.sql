-- the values of the cells behind a sum over members, or a stated total, add up to it
{% set world = ['cluster_id', 'is_illustrative', 'year', 'column_name'] %}

with figures as (
    {% for measure in cluster_measures() %}
    {% for kind in ['member', 'stated'] %}
    select
        figure.cluster_id,
        figure.is_illustrative,
        figure.year,
        '{{ kind }}_{{ measure.name }}' as column_name,
        figure.{{ kind }}_{{ measure.name }} as value
    from {{ ref('mart_cluster_year') }} as figure
    where figure.reason_code is distinct from {{ reason('unit_break') }}
    union all
    {% endfor %}
    {% endfor %}
    {% for measure in stated_measures() %}
    select
        figure.cluster_id,
        figure.is_illustrative,
        figure.year,
        'stated_{{ measure }}' as column_name,
        figure.stated_{{ measure }} as value
    from {{ ref('mart_cluster_year') }} as figure
    where figure.reason_code is distinct from {{ reason('unit_break') }}
    {% if not loop.last %}
    union all
    {% endif %}
    {% endfor %}
),

inputs as (
    select
        {{ columns('input', world) }},
        sum(input.value) as value
    from {{ ref('mart_cluster_year_input') }} as input
    where input.role_code = 'value'
    group by {{ columns('input', world) }}
)

select
    {{ columns('figures', world) }},
    figures.value,
    inputs.value as sum_of_inputs
from figures
left join inputs on {{ same('figures', 'inputs', world) }}
where
    (figures.value is null) <> (inputs.value is null)
    or abs(figures.value - inputs.value) > 1e-9 * abs(figures.value)
