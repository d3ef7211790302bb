{{ config(materialized='view') }}

{% set line = [
    'base_indicator_code', 'activity_classifier', 'country_code', 'peer_group', 'year',
    'period_end', 'unit_code', 'method_version', 'activity_code',
] %}

-- one plant each: the breakdown of the measure tells them apart
with plants as (
    select
        latest.observation_id,
        latest.region_code,
        latest.activity_classifier,
        latest.activity_code,
        latest.period_end,
        latest.unit_code,
        latest.breakdown_key as plant_code,
        {{ input_value('latest.value', 'latest.corrected_value', 'latest.correction_status') }}
            as value,
        latest.is_illustrative,
        {{ input_correction('latest.correction_status') }} as correction
    from {{ ref('int_observation__latest') }} as latest
    where
        latest.indicator_code = '{{ var("plant_indicator") }}'
        and latest.breakdown_key <> ''
),

-- activities that plants are listed of: then all regions count, with or without a plant
listed as (
    select distinct
        {{ columns('cell', line) }}
    from {{ ref('int_concentration__input') }} as cell
    inner join plants
        on cell.region_code = plants.region_code
        and cell.activity_classifier = plants.activity_classifier
        and cell.activity_code = plants.activity_code
        and cell.period_end = plants.period_end
        and cell.unit_code = plants.unit_code
    where cell.is_part
),

totals as (
    select
        activity.classifier_code,
        activity.activity_code
    from {{ ref('activities') }} as activity
    where activity.activity_level = 0
),

final as (
    select
        plants.observation_id,
        {{ columns('cell', line) }},
        cell.region_level,
        coalesce(total.activity_code, '{{ var("total_code") }}') as group_code,
        cell.region_code,
        coalesce(plants.plant_code, '{{ var("not_applicable_code") }}') as plant_code,
        case when cell.value = 0 and plants.plant_code is null then 0 else plants.value end
            as value,
        cell.region_total,
        {{ any_true_of(['cell.is_illustrative', 'plants.is_illustrative']) }} as is_illustrative,
        {{ worst_correction(['cell.correction', 'plants.correction']) }} as correction
    from {{ ref('int_concentration__input') }} as cell
    inner join listed on {{ same('cell', 'listed', line) }}
    left join totals as total on cell.activity_classifier = total.classifier_code
    left join plants
        on cell.region_code = plants.region_code
        and cell.activity_classifier = plants.activity_classifier
        and cell.activity_code = plants.activity_code
        and cell.period_end = plants.period_end
        and cell.unit_code = plants.unit_code
    union all
    -- of the others one row says that plants are missing
    select
        cast(null as varchar) as observation_id,
        {{ columns('line', line) }},
        line.region_level,
        coalesce(total.activity_code, '{{ var("total_code") }}') as group_code,
        line.country_code as region_code,
        '{{ var("not_applicable_code") }}' as plant_code,
        cast(null as double) as value,
        cast(null as double) as region_total,
        line.is_illustrative,
        cast(null as varchar) as correction
    from {{ ref('int_concentration__computed') }} as line
    left join totals as total on line.activity_classifier = total.classifier_code
    left join listed on {{ same('line', 'listed', line) }}
    where
        line.is_part
        and listed.activity_code is null
)

select * from final
