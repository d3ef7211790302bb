{{ config(materialized='view') }}

{% set key = [
    'indicator_code', 'region_code', 'cluster_code', 'activity_classifier', 'activity_code', 'year',
    'base_indicator_code', 'method_version', 'unit_code',
] %}

with ends as (
    select
        {{ columns('figure', key) }},
        'member' as role_code,
        cell.observation_id
    from {{ ref('int_shift_share__figure') }} as figure
    inner join {{ ref('int_shift_share__input') }} as cell
        on figure.base_indicator_code = cell.base_indicator_code
        and figure.activity_classifier = cell.activity_classifier
        and figure.region_code = cell.region_code
        and figure.year = cell.year
    union all
    select
        {{ columns('figure', key) }},
        'base' as role_code,
        cell.base_observation_id as observation_id
    from {{ ref('int_shift_share__figure') }} as figure
    inner join {{ ref('int_shift_share__input') }} as cell
        on figure.base_indicator_code = cell.base_indicator_code
        and figure.activity_classifier = cell.activity_classifier
        and figure.region_code = cell.region_code
        and figure.year = cell.year
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
