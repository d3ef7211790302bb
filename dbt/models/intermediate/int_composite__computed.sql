{% set key = [
    'index_code', 'index_version', 'score_kind', 'country_code', 'region_level', 'peer_group',
    'year', 'period_end', 'region_code', 'cluster_code',
] %}

with measured as (
    select
        {{ columns('score', key) }},
        count(*) as component_count,
        count(score.value) as value_count,
        min(case when score.weight > 0 then score.value end) as lowest,
        min(score.weight) as lowest_weight,
        count(*) - count(score.weight) as unweighted_count,
        max(case when score.weight > 0 then score.correction end) as correction,
        {{ any_true('score.is_illustrative and score.value is not null') }} as is_illustrative,
        {{ ratio(
            ordered_sum(
                'score.weight * score.imputed_part * case when score.value is not null then 1 end',
                'score.component_code'
            ),
            ordered_sum(
                'case when score.value is not null and score.imputed_part is not null '
                ~ 'then score.weight end',
                'score.component_code'
            )
        ) }} as imputed_share,
        {{ ratio(
            ordered_sum('score.weight * score.suppressed_part', 'score.component_code'),
            ordered_sum('score.weight', 'score.component_code')
        ) }} as suppressed_share,
        max(score.vintage_on) as vintage_on,
        {{ weight_coverage('score.value', 'score.weight', 'score.component_code') }} as coverage,
        {{ arithmetic_mean('score.value', 'score.weight', 'score.component_code') }}
            as arithmetic_mean,
        {{ geometric_mean('score.value', 'score.weight', 'score.component_code') }}
            as geometric_mean,
        {{ harmonic_mean('score.value', 'score.weight', 'score.component_code') }}
            as harmonic_mean
    from {{ ref('int_composite__score') }} as score
    group by {{ columns('score', key) }}
),

reasoned as (
    select
        measured.*,
        {{ first_reason([
            ["measured.unweighted_count > 0", reason('missing_input')],
            ["measured.lowest_weight < 0", reason('negative_input')],
            ["measured.coverage is null", reason('zero_denominator')],
        ]) }} as coverage_reason_code,
        {{ first_reason([
            ["measured.unweighted_count > 0", reason('missing_input')],
            ["measured.lowest_weight < 0", reason('negative_input')],
            ["measured.coverage is null", reason('zero_denominator')],
            [is_pending("measured.correction"), reason('correction_pending')],
            [
                "measured.coverage < " ~ var("composite_coverage") ~ " or measured.coverage = 0",
                reason('incomplete_coverage'),
            ],
        ]) }} as reason_code
    from measured
),

final as (
    select
        {{ columns('reasoned', key) }},
        cast(reasoned.component_count as integer) as component_count,
        cast(reasoned.value_count as integer) as value_count,
        reasoned.correction,
        reasoned.is_illustrative,
        {{ computed('reasoned.imputed_share') }} as imputed_share,
        coalesce({{ computed('reasoned.suppressed_share') }}, 0) as suppressed_share,
        reasoned.vintage_on,
        reasoned.reason_code,
        reasoned.coverage_reason_code,
        {{ first_reason([
            ["reasoned.reason_code is not null", "reasoned.reason_code"],
            ["reasoned.lowest < 0", reason('negative_input')],
            ["reasoned.lowest = 0", reason('zero_input')],
        ]) }} as positive_reason_code,
        case
            when reasoned.coverage_reason_code is null then {{ computed('reasoned.coverage') }}
        end as coverage,
        case when reasoned.reason_code is null then {{ computed('reasoned.arithmetic_mean') }} end
            as arithmetic_mean,
        case when reasoned.reason_code is null then {{ computed('reasoned.geometric_mean') }} end
            as geometric_mean,
        case when reasoned.reason_code is null then {{ computed('reasoned.harmonic_mean') }} end
            as harmonic_mean
    from reasoned
)

select * from final
