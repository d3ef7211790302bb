{{ config(materialized='view') }}

{% set key = [
    'indicator_code', 'region_code', 'cluster_code', 'activity_classifier', 'activity_code', 'year',
    'base_indicator_code', 'method_version', 'unit_code',
] %}

with final as (
    select
        {{ columns('figure', key) }},
        'member' as role_code,
        pair.observation_id
    from {{ ref('int_mobility__figure') }} as figure
    inner join {{ ref('int_dynamics__input') }} as pair
        on figure.base_indicator_code = pair.base_indicator_code
        and figure.country_code = pair.country_code
        and figure.year = pair.year
        and figure.method_version like '%' || {{ comparison_said('pair') }} || '%'
        and figure.method_version || ';' like '%peers=' || pair.peer_group || ';%'
    where
        pair.is_peer
        and pair.observation_id is not null
)

select * from final
