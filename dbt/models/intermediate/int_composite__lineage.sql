{{ config(materialized='view') }}

{% set key = figure_key() %}
{% set index = ['index_code', 'index_version', 'country_code', 'peer_group'] %}

-- indices of clusters are made of reports: `explain_cluster` leads to their cells
with subjects as (
    select distinct
        {{ columns('cell', index) }},
        cell.year,
        cell.region_code,
        cell.component_code,
        cell.quantity_kind,
        cell.base_year
    from {{ ref('int_composite__input') }} as cell
    where cell.cluster_code = '{{ var("not_applicable_code") }}'
),

observed as (
    select
        subjects.*,
        yearly.observation_id
    from subjects
    inner join {{ ref('int_observation__yearly') }} as yearly
        on subjects.component_code = yearly.indicator_code
        and subjects.region_code = yearly.region_code
        and subjects.year = yearly.year
        and yearly.activity_code = '{{ var("total_code") }}'
        and yearly.is_primary
    union all
    select
        subjects.*,
        yearly.observation_id
    from subjects
    inner join {{ ref('int_observation__yearly') }} as yearly
        on subjects.region_code = yearly.region_code
        and subjects.year = yearly.year
        and yearly.indicator_code = '{{ var("population_indicator") }}'
        and yearly.activity_code = '{{ var("total_code") }}'
        and yearly.is_primary
    where subjects.quantity_kind = 'per_head_of_peer_mean'
),

figures as (
    select
        {{ columns('figure', key) }},
        {{ method_before(method_before('figure.method_version', 'of'), 'over') }} as index_method,
        figure.method_version like '%;frame=%' as is_framed,
        figure.base_indicator_code in ('CMP_GOAL', 'CMP_AM') as is_of_all_components
    from {{ ref('mart_indicator') }} as figure
    where
        figure.cluster_code = '{{ var("not_applicable_code") }}'
        and figure.indicator_code in (
            'CMP_MM', 'CMP_Z', 'CMP_GOAL', 'CMP_RANK', 'CMP_BORDA', 'CMP_PRANK',
            'CMP_AM', 'CMP_GM', 'CMP_HM', 'CMP_COV', 'CMP_SENS'
        )
),

own as (
    select
        {{ columns('figures', key) }},
        figures.is_framed,
        {{ columns('subjects', index) }},
        subjects.component_code,
        subjects.base_year
    from figures
    inner join subjects
        on figures.index_method = {{ index_method('subjects') }}
        and figures.region_code = subjects.region_code
        and figures.year = subjects.year
        and (
            figures.is_of_all_components
            or figures.base_indicator_code = subjects.component_code
        )
),

-- values are measured against the mean of the peers, so the peers are inputs as well
final as (
    select
        {{ columns('own', key) }},
        case when own.region_code = observed.region_code then 'member' else 'peer' end
            as role_code,
        observed.observation_id
    from own
    inner join observed
        on {{ same('own', 'observed', index) }}
        and own.component_code = observed.component_code
        and own.year = observed.year
    union
    select
        {{ columns('own', key) }},
        'frame' as role_code,
        observed.observation_id
    from own
    inner join observed
        on {{ same('own', 'observed', index) }}
        and own.component_code = observed.component_code
        and own.base_year = observed.year
    where own.is_framed or own.indicator_code = 'CMP_SENS'
)

select * from final
