{{ config(materialized='view') }}

{% set key = [
    'indicator_code', 'region_code', 'cluster_code', 'activity_classifier', 'activity_code', 'year',
    'base_indicator_code', 'method_version', 'unit_code',
] %}

-- the value and the earlier one; a base that a bridge carries is made of several
with ends as (
    select
        {{ columns('figure', key) }},
        'value' as role_code,
        pair.observation_id
    from {{ ref('int_dynamics__figure') }} as figure
    inner join {{ ref('int_dynamics__input') }} as pair
        on figure.base_indicator_code = pair.base_indicator_code
        and figure.region_code = pair.region_code
        and figure.year = pair.year
        and figure.method_version like '%' || {{ comparison_said('pair') }} || '%'
    union all
    select
        {{ columns('figure', key) }},
        'base' as role_code,
        pair.base_observation_id as observation_id
    from {{ ref('int_dynamics__figure') }} as figure
    inner join {{ ref('int_dynamics__input') }} as pair
        on figure.base_indicator_code = pair.base_indicator_code
        and figure.region_code = pair.region_code
        and figure.year = pair.year
        and figure.method_version like '%' || {{ comparison_said('pair') }} || '%'
),

final as (
    select
        {{ columns('ends', key) }},
        ends.role_code,
        ends.observation_id
    from ends
    where ends.observation_id is not null
)

select * from final
