{{ config(materialized='view') }}

{% set key = figure_key() %}

with figures as (
    select
        {{ columns('figure', key) }},
        {{ method_before('figure.method_version', 'form') }} as panel_method
    from {{ ref('mart_indicator') }} as figure
    where
        figure.indicator_code in (
            'DQ_COMP', 'DQ_TIME', 'DQ_IMP', 'DQ_SUPP', 'DQ_RECON', 'DQ_REV', 'DQ_CROSS'
        )
),

yearly as (
    select
        observation.observation_id,
        observation.indicator_code,
        observation.country_code,
        observation.region_code,
        observation.region_level,
        observation.peer_group,
        observation.is_peer,
        observation.activity_classifier,
        observation.activity_code,
        observation.unit_code,
        observation.method_version,
        observation.year
    from {{ ref('int_observation__yearly') }} as observation
    where observation.is_primary
),

panels as (
    select
        {{ columns('figures', key) }},
        quality.country_code,
        quality.region_level,
        quality.peer_group,
        quality.unit_code as measure_unit_code,
        quality.method_version as measure_method,
        case
            when quality.cells_kind = 'regions' then '{{ var("not_applicable_code") }}'
            else replace(quality.cells_kind, 'regions_by_', '')
        end as cells_classifier
    from figures
    inner join {{ ref('int_quality__computed') }} as quality
        on figures.base_indicator_code = quality.indicator_code
        and figures.region_code = quality.country_code
        and figures.year = quality.year
        and figures.panel_method = {{ quality_method('quality') }}
),

-- of a check, share, whole and count; of a direction, those of the year before too
checks as (
    select
        {{ columns('figures', key) }},
        checked.factor_code,
        checked.base_code,
        checked.product_code
    from figures
    inner join {{ ref('int_crosscheck__computed') }} as checked
        on figures.base_indicator_code = checked.product_code
        and figures.region_code = checked.region_code
        and figures.year = checked.year
        and figures.panel_method = {{ crosscheck_method('checked') }}
),

final as (
    select
        {{ columns('panels', key) }},
        'member' as role_code,
        yearly.observation_id
    from panels
    inner join yearly
        on panels.base_indicator_code = yearly.indicator_code
        and panels.country_code = yearly.country_code
        and panels.peer_group = yearly.peer_group
        and panels.region_level = yearly.region_level
        and panels.cells_classifier = yearly.activity_classifier
        and panels.measure_unit_code = yearly.unit_code
        and panels.measure_method = yearly.method_version
        and panels.year = yearly.year
    where yearly.is_peer or yearly.region_level = 0
    union all
    select
        {{ columns('panels', key) }},
        'total' as role_code,
        yearly.observation_id
    from panels
    inner join yearly
        on panels.base_indicator_code = yearly.indicator_code
        and panels.country_code = yearly.region_code
        and panels.cells_classifier = yearly.activity_classifier
        and panels.measure_unit_code = yearly.unit_code
        and panels.measure_method = yearly.method_version
        and panels.year = yearly.year
    where
        panels.indicator_code = 'DQ_RECON'
        and panels.region_level > 0
        and yearly.activity_code = '{{ var("total_code") }}'
    union all
    select
        {{ columns('checks', key) }},
        case when checks.year = yearly.year then 'member' else 'previous' end as role_code,
        yearly.observation_id
    from checks
    inner join yearly
        on checks.region_code = yearly.region_code
        and (
            checks.factor_code = yearly.indicator_code
            or checks.base_code = yearly.indicator_code
            or checks.product_code = yearly.indicator_code
        )
        and yearly.activity_code = '{{ var("total_code") }}'
        and (
            checks.year = yearly.year
            or (
                checks.year = yearly.year + 1
                and checks.method_version like '%;form=directions_disagree'
                and checks.base_code <> yearly.indicator_code
            )
        )
)

select * from final
