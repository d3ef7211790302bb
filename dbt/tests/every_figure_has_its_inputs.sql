-- no value without a printed cell of its own; its totals and references are many and need no look
{% set key = [
    'indicator_code', 'region_code', 'activity_classifier', 'activity_code', 'year',
    'base_indicator_code', 'method_version', 'unit_code',
] %}

with rows_of_figures as (
    select
        {{ columns('figure', key) }},
        1 as figure_count,
        0 as input_count
    from {{ ref('mart_indicator') }} as figure
    where figure.value is not null
    union all
    select
        {{ columns('input', key) }},
        0 as figure_count,
        1 as input_count
    from {{ ref('mart_indicator_input') }} as input
    where input.role_code in ('value', 'member')
)

select {{ columns('rows_of_figures', key) }}
from rows_of_figures
group by {{ columns('rows_of_figures', key) }}
having sum(rows_of_figures.figure_count) > 0 and sum(rows_of_figures.input_count) = 0
