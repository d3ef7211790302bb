{% set panel = [
    'indicator_code', 'quantity_kind', 'country_code', 'region_level', 'peer_group', 'year',
] %}

with unweighted as (
    select
        {{ columns('measure', panel) }},
        measure.unit_code,
        measure.method_version,
        measure.expected_count,
        measure.region_count,
        measure.missing_regions,
        measure.coverage,
        measure.imputed_share,
        measure.suppressed_share,
        measure.is_illustrative,
        measure.correction,
        measure.reason_code,
        measure.positive_reason_code,
        measure.mean_value,
        measure.cv_population,
        measure.cv_sample,
        measure.logarithmic_deviation,
        measure.theil_t,
        measure.theil_l,
        measure.gini,
        measure.hoover,
        measure.herfindahl,
        measure.herfindahl_normalised,
        measure.max_min_ratio
    from {{ ref('int_disparity__computed') }} as measure
    where measure.weighting = 'equal'
),

weighted as (
    select
        {{ columns('measure', panel) }},
        measure.coverage,
        measure.is_illustrative,
        measure.correction,
        measure.reason_code,
        measure.positive_reason_code,
        measure.mean_value,
        measure.cv_population,
        measure.theil_t,
        measure.theil_t_between,
        measure.theil_t_within,
        measure.theil_l,
        measure.gini,
        measure.hoover,
        measure.coulter
    from {{ ref('int_disparity__computed') }} as measure
    where measure.weighting = 'population'
),

final as (
    select
        {{ columns('unweighted', panel) }},
        case
            when unweighted.quantity_kind = 'per_head' then unweighted.unit_code || '_per_head'
            else unweighted.unit_code
        end as unit_code,
        unweighted.method_version,
        cast(unweighted.expected_count as integer) as expected_count,
        cast(unweighted.region_count as integer) as region_count,
        unweighted.missing_regions,
        unweighted.coverage,
        unweighted.imputed_share,
        unweighted.suppressed_share,
        unweighted.is_illustrative,
        {{ has_correction(
            worst_correction(['unweighted.correction', 'weighted.correction'])
        ) }} as has_correction,
        unweighted.correction as correction_status,
        unweighted.mean_value,
        unweighted.cv_population,
        unweighted.cv_sample,
        unweighted.logarithmic_deviation,
        unweighted.theil_t,
        unweighted.theil_l,
        unweighted.gini,
        unweighted.hoover,
        unweighted.herfindahl,
        unweighted.herfindahl_normalised,
        unweighted.max_min_ratio,
        unweighted.reason_code,
        unweighted.positive_reason_code,
        weighted.coverage as weighted_coverage,
        coalesce(weighted.is_illustrative, unweighted.is_illustrative) as is_weighted_illustrative,
        weighted.correction as weighted_correction_status,
        weighted.mean_value as national_mean,
        weighted.cv_population as williamson,
        weighted.theil_t as theil_t_weighted,
        weighted.theil_t_between as theil_t_weighted_between,
        weighted.theil_t_within as theil_t_weighted_within,
        weighted.theil_l as theil_l_weighted,
        weighted.gini as gini_weighted,
        weighted.hoover as hoover_weighted,
        weighted.coulter as coulter_weighted,
        case
            when weighted.indicator_code is null then {{ reason('not_applicable') }}
            else weighted.reason_code
        end as weighted_reason_code,
        case
            when weighted.indicator_code is null then {{ reason('not_applicable') }}
            else weighted.positive_reason_code
        end as weighted_positive_reason_code
    from unweighted
    left join weighted on {{ same('unweighted', 'weighted', panel) }}
)

select * from final
