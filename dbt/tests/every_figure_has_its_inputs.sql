-- no value without a printed cell of its own; its totals and references are many and need no look.
-- Figures of registered clusters come from reports, and are explained by marts.explain_cluster;
-- their numbers and transitions are made of lines of registers. One of coverage 0 says that no
-- cell is there.
{% set key = [
    'indicator_code', 'region_code', 'cluster_code', 'activity_classifier', 'activity_code', 'year',
    'base_indicator_code', 'method_version', 'unit_code',
] %}

with rows_of_figures as (
    select
        {{ columns('figure', key) }},
        1 as figure_count,
        0 as input_count
    from {{ ref('mart_indicator') }} as figure
    where
        figure.value is not null
        and figure.coverage > 0
        and figure.indicator_code not in ('STA_CNT', 'STA_TRANS', 'STA_TRANS_N')
        and figure.cluster_code = '{{ var("not_applicable_code") }}'
    union all
    select
        {{ columns('input', key) }},
        0 as figure_count,
        1 as input_count
    from {{ ref('mart_indicator_input') }} as input
    where
        input.role_code in ('value', 'member')
        and input.cluster_code = '{{ var("not_applicable_code") }}'
)

select {{ columns('rows_of_figures', key) }}
from rows_of_figures
group by {{ columns('rows_of_figures', key) }}
having sum(rows_of_figures.figure_count) > 0 and sum(rows_of_figures.input_count) = 0
