{{ config(materialized='view') }}

{% set key = [
    'indicator_code', 'region_code', 'cluster_code', 'activity_classifier', 'activity_code', 'year',
    'base_indicator_code', 'method_version', 'unit_code',
] %}

-- the regions of an activity: those that the method of the figure names
with final as (
    select
        {{ columns('figure', key) }},
        'member' as role_code,
        cell.observation_id
    from {{ ref('int_concentration__figure') }} as figure
    inner join {{ ref('int_concentration__input') }} as cell
        on figure.base_indicator_code = cell.base_indicator_code
        and figure.activity_classifier = cell.activity_classifier
        and figure.activity_code = cell.activity_code
        and figure.country_code = cell.country_code
        and figure.year = cell.year
        and figure.method_version || ';' like '%peers=' || cell.peer_group || ';%'
    where cell.observation_id is not null
)

select * from final
