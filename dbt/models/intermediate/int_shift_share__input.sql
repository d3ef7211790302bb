{{ config(materialized='view') }}

with cells as (
    select
        cell.observation_id,
        cell.base_indicator_code,
        cell.activity_classifier,
        cell.country_code,
        cell.region_code,
        cell.region_level,
        cell.peer_group,
        cell.year,
        cell.period_end,
        cell.unit_code,
        cell.method_version,
        cell.activity_code,
        cell.activity_count,
        cell.value,
        cell.activity_total,
        cell.reference_total,
        cell.reference_kind,
        cell.is_withheld,
        cell.is_imputed,
        cell.is_quotient_illustrative as is_illustrative,
        cell.quotient_correction as correction
    from {{ ref('int_structure__input') }} as cell
    where cell.is_part
),

-- where a classifier has no year before, another one may have it
classifier_years as (
    select distinct
        cells.base_indicator_code,
        cells.country_code,
        cells.activity_classifier,
        cells.year
    from cells
),

classifiers as (
    select
        later.base_indicator_code,
        later.country_code,
        later.activity_classifier,
        later.year,
        coalesce(
            max(
                case
                    when later.activity_classifier = earlier.activity_classifier
                        then earlier.activity_classifier
                end
            ),
            min(earlier.activity_classifier),
            later.activity_classifier
        ) as base_activity_classifier
    from classifier_years as later
    left join classifier_years as earlier
        on later.base_indicator_code = earlier.base_indicator_code
        and later.country_code = earlier.country_code
        and later.year = earlier.year + 1
    group by
        later.base_indicator_code,
        later.country_code,
        later.activity_classifier,
        later.year
),

-- the last change of its boundaries that a region has seen, and had seen a year before
versions as (
    select
        region.region_code,
        region.period_end,
        coalesce(
            cast(max(change.event_on) as varchar), '{{ var("not_applicable_code") }}'
        ) as boundary_version,
        coalesce(
            cast(
                max(
                    case
                        when region.period_end >= {{ a_year_after('change.event_on') }}
                            then change.event_on
                    end
                ) as varchar
            ),
            '{{ var("not_applicable_code") }}'
        ) as base_boundary_version
    from {{ ref('int_region__expected') }} as region
    left join {{ ref('int_region__changed') }} as change
        on region.region_code = change.region_code
        and region.period_end >= change.event_on
    group by region.region_code, region.period_end
),

final as (
    select
        'previous_year' as comparison,
        cells.observation_id,
        base.observation_id as base_observation_id,
        cells.base_indicator_code,
        cells.activity_classifier,
        classifiers.base_activity_classifier,
        cells.country_code,
        cells.region_code,
        cells.region_level,
        cells.peer_group,
        cells.year,
        cells.period_end,
        cells.unit_code,
        cells.method_version,
        cells.activity_code,
        cells.year - 1 as base_year,
        cells.value,
        base.value as base_value,
        cells.activity_total,
        case when base.reference_kind = cells.reference_kind then base.activity_total end
            as base_activity_total,
        cells.reference_total,
        case when base.reference_kind = cells.reference_kind then base.reference_total end
            as base_reference_total,
        cells.activity_count,
        coalesce(base.activity_count, cells.activity_count) as base_activity_count,
        coalesce(base.unit_code, cells.unit_code) as base_unit_code,
        coalesce(base.method_version, cells.method_version) as base_method_version,
        versions.boundary_version,
        versions.base_boundary_version,
        cast(null as double) as bridge_weight,
        cells.is_withheld or coalesce(base.is_withheld, false) as is_withheld,
        cells.is_imputed or coalesce(base.is_imputed, false) as is_imputed,
        cells.reference_kind,
        cells.is_illustrative or coalesce(base.is_illustrative, false) as is_illustrative,
        {{ worst_correction(['cells.correction', 'base.correction']) }} as correction
    from cells
    inner join classifiers
        on cells.base_indicator_code = classifiers.base_indicator_code
        and cells.country_code = classifiers.country_code
        and cells.activity_classifier = classifiers.activity_classifier
        and cells.year = classifiers.year
    inner join versions
        on cells.region_code = versions.region_code
        and cells.period_end = versions.period_end
    left join cells as base
        on cells.base_indicator_code = base.base_indicator_code
        and cells.activity_classifier = base.activity_classifier
        and cells.region_code = base.region_code
        and cells.activity_code = base.activity_code
        and cells.year = base.year + 1
)

select * from final
