{{ config(materialized='view') }}

{% set key = [
    'indicator_code', 'region_code', 'cluster_code', 'activity_classifier', 'activity_code', 'year',
    'base_indicator_code', 'method_version', 'unit_code',
] %}

with final as (
    select
        {{ columns('figure', key) }},
        'member' as role_code,
        plant.observation_id
    from {{ ref('int_agglomeration__figure') }} as figure
    inner join {{ ref('int_agglomeration__input') }} as plant
        on figure.base_indicator_code = plant.base_indicator_code
        and figure.activity_classifier = plant.activity_classifier
        and (
            figure.activity_code = plant.activity_code
            or figure.activity_code = plant.group_code
        )
        and figure.country_code = plant.country_code
        and figure.year = plant.year
        and figure.method_version || ';' like '%peers=' || plant.peer_group || ';%'
    where plant.observation_id is not null
)

select * from final
