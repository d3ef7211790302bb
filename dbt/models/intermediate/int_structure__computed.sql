{% set region_series = [
    'base_indicator_code', 'activity_classifier', 'country_code', 'region_code', 'region_level',
    'peer_group', 'year', 'period_end', 'unit_code', 'method_version', 'activity_count',
    'expected_count',
] %}
{% set region_key = [
    'base_indicator_code', 'activity_classifier', 'country_code', 'region_code', 'year',
] %}
{% set line = [
    'base_indicator_code', 'activity_classifier', 'country_code', 'peer_group', 'year',
    'activity_code',
] %}

with parts as (
    select
        {{ columns('cell', region_series) }},
        cell.activity_code,
        cell.value,
        cell.region_total,
        cell.reference_total,
        cell.reference_kind,
        cell.is_withheld,
        cell.is_imputed,
        cell.is_focus_illustrative,
        cell.is_quotient_illustrative,
        cell.focus_correction,
        cell.quotient_correction,
        {{ focus_share('cell.value', 'cell.region_total') }} as share,
        {{ focus_share('cell.activity_total', 'cell.reference_total') }} as base_share
    from {{ ref('int_structure__input') }} as cell
    where cell.is_part
),

-- an activity in all regions: what each of them is compared with is the mean of the others
lines as (
    select
        {{ columns('parts', line) }},
        count(parts.share) as share_count,
        {{ decimal_sum('parts.share') }} as share_sum,
        {{ any_true('parts.is_focus_illustrative') }} as is_illustrative,
        max(parts.focus_correction) as correction
    from parts
    group by {{ columns('parts', line) }}
),

compared as (
    select
        {{ columns('parts', region_series) }},
        parts.activity_code,
        parts.value,
        parts.region_total,
        parts.reference_total,
        parts.reference_kind,
        parts.is_withheld,
        parts.is_imputed,
        parts.is_focus_illustrative,
        parts.is_quotient_illustrative,
        parts.focus_correction,
        parts.quotient_correction,
        lines.is_illustrative as is_others_illustrative,
        lines.correction as others_correction,
        parts.share,
        parts.base_share,
        -- an activity that exists nowhere has no quotient and takes no part
        {{ ratio('parts.share', 'parts.base_share') }} as quotient,
        case
            when lines.share_count >= parts.expected_count
                then {{ mean_of_others('parts.share', 'lines.share_sum', 'lines.share_count') }}
        end as others_share
    from parts
    inner join lines on {{ same('parts', 'lines', line) }}
),

-- from the least to the most specialised activity of a region
sorted as (
    select
        {{ columns('compared', region_key) }},
        compared.activity_code,
        compared.quotient,
        compared.share,
        compared.base_share,
        avg(compared.quotient) over in_region as mean_quotient,
        sum(compared.share) over in_region as share_sum,
        sum(compared.base_share) over in_region as base_share_sum,
        count(*) over in_region as quotient_count,
        row_number() over upwards as place,
        sum(compared.base_share) over (
            upwards rows between unbounded preceding and current row
        ) as cumulative_share
    from compared
    where compared.quotient is not null
    window
        in_region as (partition by {{ columns('compared', region_key) }}),
        upwards as (
            partition by {{ columns('compared', region_key) }}
            order by compared.quotient, compared.activity_code
        )
),

inequalities as (
    select
        {{ columns('sorted', region_key) }},
        {{ gini(
            '(1.0 / sorted.quotient_count)',
            '(sorted.quotient / sorted.mean_quotient)',
            '(1.0 * sorted.place / sorted.quotient_count)',
            'sorted.place',
        ) }} as gini_equal,
        -- shares that make a whole but for their rounding are made to do so exactly
        {{ gini(
            '(sorted.base_share / sorted.base_share_sum)',
            '(sorted.quotient * sorted.base_share_sum / sorted.share_sum)',
            '(sorted.cumulative_share / sorted.base_share_sum)',
            'sorted.place',
        ) }} as gini_weighted
    from sorted
    where sorted.mean_quotient > 0
    group by {{ columns('sorted', region_key) }}
),

measured as (
    select
        {{ columns('compared', region_series) }},
        count(compared.value) as value_count,
        count(case when compared.is_withheld then 1 end) as withheld_count,
        count(compared.base_share) as base_share_count,
        count(compared.others_share) as others_share_count,
        min(compared.value) as lowest,
        max(compared.region_total) as region_total,
        max(compared.reference_total) as reference_total,
        {{ any_true('compared.base_share = 0 and compared.share > 0') }} as has_contradiction,
        {{ decimal_sum('compared.share') }} as share_sum,
        {{ decimal_sum('compared.base_share') }} as base_share_sum,
        {{ decimal_sum('case when compared.is_imputed then compared.share else 0 end') }}
            as imputed_share,
        max(compared.reference_kind) as reference_kind,
        {{ any_true('compared.is_focus_illustrative') }} as is_illustrative,
        {{ any_true('compared.is_quotient_illustrative') }} as is_comparison_illustrative,
        {{ any_true('compared.is_others_illustrative') }} as is_others_illustrative,
        max(compared.focus_correction) as correction,
        max(compared.quotient_correction) as comparison_correction,
        max(compared.others_correction) as others_correction,
        {{ herfindahl('compared.share', 'compared.activity_code') }} as herfindahl,
        {{ shannon_entropy('compared.share', 'compared.activity_code') }} as entropy,
        {{ krugman_index('compared.share', 'compared.base_share', 'compared.activity_code') }}
            as krugman,
        {{ krugman_index('compared.share', 'compared.others_share', 'compared.activity_code') }}
            as krugman_others,
        {{ hoover_specialisation(
            'compared.share', 'compared.base_share', 'compared.activity_code'
        ) }} as hoover,
        {{ hoover_specialisation(
            'compared.share', 'compared.others_share', 'compared.activity_code'
        ) }} as hoover_others,
        {{ mean_location_quotient(
            'compared.share', 'compared.base_share', 'compared.activity_code'
        ) }} as mean_location_quotient,
        {{ hachman_index('compared.share', 'compared.base_share', 'compared.activity_code') }}
            as hachman
    from compared
    group by {{ columns('compared', region_series) }}
),

-- a structure is one only when its shares make a whole: no cell missing, nothing left over
explained as (
    select
        {{ columns('measured', region_series) }},
        measured.withheld_count,
        measured.share_sum,
        measured.imputed_share,
        measured.reference_kind,
        measured.is_illustrative,
        measured.is_comparison_illustrative,
        measured.is_others_illustrative,
        measured.correction,
        measured.comparison_correction,
        measured.others_correction,
        {{ computed(ratio('cast(measured.value_count as double)', 'measured.activity_count')) }}
            as coverage,
        {{ computed(ratio('cast(measured.withheld_count as double)', 'measured.activity_count')) }}
            as suppressed_share,
        measured.herfindahl,
        measured.entropy,
        {{ computed('measured.krugman') }} as krugman,
        {{ computed('measured.krugman_others') }} as krugman_others,
        measured.hoover,
        measured.hoover_others,
        measured.mean_location_quotient,
        measured.hachman,
        inequalities.gini_equal,
        inequalities.gini_weighted,
        {{ first_reason([
            [is_pending('measured.correction'), reason('correction_pending')],
            ["measured.withheld_count > 0", reason('confidential_input')],
            [
                "measured.value_count < measured.activity_count or measured.region_total is null",
                reason('incomplete_coverage'),
            ],
            ["measured.lowest < 0 or measured.region_total < 0", reason('negative_input')],
            ["measured.region_total = 0", reason('zero_denominator')],
            [
                "abs(measured.share_sum - 1) > " ~ var('whole_tolerance'),
                reason('incomplete_coverage'),
            ],
        ]) }} as reason_code,
        {{ first_reason([
            [is_pending('measured.comparison_correction'), reason('correction_pending')],
            ["measured.reference_total = 0", reason('zero_denominator')],
            [
                "measured.base_share_count < measured.activity_count "
                ~ "or abs(measured.base_share_sum - 1) > " ~ var('whole_tolerance'),
                reason('incomplete_coverage'),
            ],
            ["measured.has_contradiction", reason('contradictory_input')],
        ]) }} as reference_reason_code,
        {{ first_reason([
            [is_pending('measured.others_correction'), reason('correction_pending')],
            ["measured.expected_count < 2", reason('too_few_regions')],
            [
                "measured.others_share_count < measured.activity_count",
                reason('incomplete_coverage'),
            ],
        ]) }} as others_own_reason_code,
        -- what is withheld may lie between the rest spread evenly and the rest in one activity; a
        -- single withheld cell would be the rest itself
        case
            when
                measured.withheld_count > 1
                and measured.withheld_count + measured.value_count = measured.activity_count
                and measured.region_total > 0
                and measured.lowest >= 0
                and measured.share_sum <= 1
                and not coalesce({{ is_pending('measured.correction') }}, false)
                then 1 - measured.share_sum
        end as rest_share
    from measured
    left join inequalities on {{ same('measured', 'inequalities', region_key) }}
),

reasoned as (
    select
        {{ columns('explained', region_series) }},
        explained.withheld_count,
        explained.rest_share,
        explained.imputed_share,
        explained.reference_kind,
        explained.is_illustrative,
        explained.is_comparison_illustrative,
        explained.is_others_illustrative,
        explained.correction,
        explained.comparison_correction,
        explained.others_correction,
        explained.coverage,
        explained.suppressed_share,
        explained.herfindahl,
        explained.entropy,
        explained.krugman,
        explained.krugman_others,
        explained.hoover,
        explained.hoover_others,
        explained.mean_location_quotient,
        explained.hachman,
        explained.gini_equal,
        explained.gini_weighted,
        explained.reason_code,
        coalesce(explained.reason_code, explained.reference_reason_code) as comparison_reason_code,
        coalesce(explained.reason_code, explained.others_own_reason_code) as others_reason_code,
        case when explained.rest_share is null then explained.reason_code end
            as bound_reason_code
    from explained
),

final as (
    select
        {{ columns('reasoned', region_series) }},
        reasoned.withheld_count,
        reasoned.imputed_share,
        reasoned.reference_kind,
        reasoned.is_illustrative,
        reasoned.is_comparison_illustrative,
        reasoned.is_others_illustrative,
        reasoned.correction,
        reasoned.comparison_correction,
        reasoned.others_correction,
        reasoned.coverage,
        reasoned.suppressed_share,
        reasoned.reason_code,
        reasoned.comparison_reason_code,
        reasoned.others_reason_code,
        reasoned.bound_reason_code,
        case
            when reasoned.reason_code is not null then reasoned.reason_code
            when reasoned.activity_count = 1 then {{ reason('zero_denominator') }}
        end as normalised_reason_code,
        case
            when reasoned.comparison_reason_code is not null then reasoned.comparison_reason_code
            when reasoned.krugman = 0 then {{ reason('zero_denominator') }}
        end as diversity_reason_code,
        case
            when reasoned.others_reason_code is not null then reasoned.others_reason_code
            when reasoned.krugman_others = 0 then {{ reason('zero_denominator') }}
        end as others_diversity_reason_code,
        {% for column in ['herfindahl', 'entropy'] %}
        case when reasoned.reason_code is null then {{ computed('reasoned.' ~ column) }} end
            as {{ column }},
        {% endfor %}
        case when reasoned.reason_code is null then {{ computed('reasoned.entropy / ln(2)') }} end
            as entropy_bits,
        case
            when reasoned.reason_code is null
                then {{ computed(
                    herfindahl_normalised('reasoned.herfindahl', 'reasoned.activity_count')
                ) }}
        end as herfindahl_normalised,
        case
            when reasoned.reason_code is null
                then {{ computed(equivalent_number('reasoned.herfindahl')) }}
        end as equivalent_number,
        case
            when reasoned.rest_share is not null
                then {{ computed(herfindahl_lower_bound(
                    'reasoned.herfindahl', 'reasoned.rest_share', 'reasoned.withheld_count'
                )) }}
            when reasoned.reason_code is null then {{ computed('reasoned.herfindahl') }}
        end as herfindahl_low,
        case
            when reasoned.rest_share is not null
                then {{ computed(
                    herfindahl_upper_bound('reasoned.herfindahl', 'reasoned.rest_share')
                ) }}
            when reasoned.reason_code is null then {{ computed('reasoned.herfindahl') }}
        end as herfindahl_high,
        {% for column in [
            'krugman', 'hoover', 'mean_location_quotient', 'hachman', 'gini_equal',
            'gini_weighted',
        ] %}
        case
            when reasoned.comparison_reason_code is null then {{ computed('reasoned.' ~ column) }}
        end as {{ column }},
        {% endfor %}
        case
            when reasoned.comparison_reason_code is null
                then {{ computed(relative_diversity('reasoned.krugman')) }}
        end as relative_diversity,
        {% for column in ['krugman_others', 'hoover_others'] %}
        case when reasoned.others_reason_code is null then {{ computed('reasoned.' ~ column) }} end
            as {{ column }},
        {% endfor %}
        case
            when reasoned.others_reason_code is null
                then {{ computed(relative_diversity('reasoned.krugman_others')) }}
        end as relative_diversity_others
    from reasoned
)

select * from final
