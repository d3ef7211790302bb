{{ config(materialized='view') }}

with parts as (
    select
        figure.indicator_code,
        figure.region_code,
        figure.year,
        figure.part_code as base_indicator_code,
        figure.method_version,
        figure.unit_code,
        'value' as role_code,
        figure.part_observation_id as observation_id
    from {{ ref('int_regional__computed') }} as figure
    where figure.part_observation_id is not null
    union all
    select
        figure.indicator_code,
        figure.region_code,
        figure.year,
        figure.part_code as base_indicator_code,
        figure.method_version,
        figure.unit_code,
        'denominator' as role_code,
        figure.whole_observation_id as observation_id
    from {{ ref('int_regional__computed') }} as figure
    where figure.whole_observation_id is not null
),

final as (
    select
        parts.indicator_code,
        parts.region_code,
        '{{ var("not_applicable_code") }}' as cluster_code,
        '{{ var("not_applicable_code") }}' as activity_classifier,
        '{{ var("total_code") }}' as activity_code,
        parts.year,
        parts.base_indicator_code,
        parts.method_version,
        parts.unit_code,
        parts.role_code,
        parts.observation_id
    from parts
)

select * from final
