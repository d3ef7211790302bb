{% set line_series = [
    'base_indicator_code', 'activity_classifier', 'country_code', 'activity_code', 'region_level',
    'peer_group', 'year', 'period_end', 'unit_code', 'method_version', 'expected_count',
] %}
{% set line_key = [
    'base_indicator_code', 'activity_classifier', 'country_code', 'activity_code', 'peer_group',
    'year',
] %}
{% set region_key = [
    'base_indicator_code', 'activity_classifier', 'country_code', 'region_code', 'year',
] %}

with cells as (
    select
        {{ columns('cell', line_series) }},
        cell.region_code,
        cell.value,
        cell.activity_total,
        cell.region_total,
        cell.reference_total,
        cell.reference_kind,
        cell.is_part,
        cell.activity_count,
        cell.is_withheld,
        cell.is_imputed,
        cell.is_illustrative,
        cell.correction,
        {{ size_share('cell.value', 'cell.activity_total') }} as share,
        {{ size_share('cell.region_total', 'cell.reference_total') }} as base_share
    from {{ ref('int_concentration__input') }} as cell
),

-- a region in all parts: what each of them is compared with is the mean of the others
regions as (
    select
        {{ columns('cells', region_key) }},
        count(cells.share) as share_count,
        count(case when cells.activity_total = 0 then 1 end) as absent_count,
        {{ decimal_sum('cells.share') }} as share_sum,
        {{ any_true('cells.is_illustrative') }} as is_illustrative,
        max(cells.correction) as correction
    from cells
    where cells.is_part
    group by {{ columns('cells', region_key) }}
),

compared as (
    select
        {{ columns('cells', line_series) }},
        cells.region_code,
        cells.value,
        cells.activity_total,
        cells.reference_total,
        cells.reference_kind,
        cells.is_part,
        cells.activity_count,
        cells.is_withheld,
        cells.is_imputed,
        cells.is_illustrative,
        cells.correction,
        regions.is_illustrative as is_others_illustrative,
        regions.correction as others_correction,
        regions.share_count - 1 as other_count,
        cells.share,
        cells.base_share,
        {{ ratio('cells.share', 'cells.base_share') }} as quotient,
        case
            when
                cells.is_part
                and regions.share_count + regions.absent_count >= cells.activity_count
                then {{ mean_of_others('cells.share', 'regions.share_sum', 'regions.share_count') }}
        end as others_share
    from cells
    left join regions on {{ same('cells', 'regions', region_key) }}
),

-- from the region with least of the activity to the one with most of it
sorted as (
    select
        {{ columns('compared', line_key) }},
        compared.region_code,
        compared.quotient,
        compared.share,
        compared.base_share,
        avg(compared.quotient) over in_line as mean_quotient,
        sum(compared.share) over in_line as share_sum,
        sum(compared.base_share) over in_line as base_share_sum,
        count(*) over in_line as quotient_count,
        row_number() over upwards as place,
        sum(compared.base_share) over (
            upwards rows between unbounded preceding and current row
        ) as cumulative_share
    from compared
    where compared.quotient is not null
    window
        in_line as (partition by {{ columns('compared', line_key) }}),
        upwards as (
            partition by {{ columns('compared', line_key) }}
            order by compared.quotient, compared.region_code
        )
),

inequalities as (
    select
        {{ columns('sorted', line_key) }},
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
    group by {{ columns('sorted', line_key) }}
),

measured as (
    select
        {{ columns('compared', line_series) }},
        count(*) as region_count,
        count(compared.value) as value_count,
        count(case when compared.is_withheld then 1 end) as withheld_count,
        count(compared.base_share) as base_share_count,
        count(compared.others_share) as others_share_count,
        max(compared.other_count) as other_count,
        {{ any_true('compared.is_part') }} as is_part,
        min(compared.value) as lowest,
        min(compared.base_share) as lowest_base_share,
        max(compared.activity_total) as activity_total,
        max(compared.reference_total) as reference_total,
        {{ any_true('compared.base_share = 0 and compared.share > 0') }} as has_contradiction,
        {{ decimal_sum('compared.share') }} as share_sum,
        {{ decimal_sum('compared.base_share') }} as base_share_sum,
        {{ decimal_sum('case when compared.is_imputed then compared.share else 0 end') }}
            as imputed_share,
        max(compared.reference_kind) as reference_kind,
        {{ any_true('compared.is_illustrative') }} as is_illustrative,
        {{ any_true('compared.is_others_illustrative') }} as is_others_illustrative,
        max(compared.correction) as correction,
        max(compared.others_correction) as others_correction,
        {{ herfindahl('compared.share', 'compared.region_code') }} as herfindahl,
        {{ krugman_index('compared.share', 'compared.base_share', 'compared.region_code') }}
            as krugman,
        {{ krugman_index('compared.share', 'compared.others_share', 'compared.region_code') }}
            as krugman_others
    from compared
    group by {{ columns('compared', line_series) }}
),

explained as (
    select
        {{ columns('measured', line_series) }},
        measured.value_count as region_count,
        measured.imputed_share,
        measured.reference_kind,
        measured.is_part,
        measured.is_illustrative,
        measured.is_others_illustrative,
        measured.correction,
        measured.others_correction,
        {{ computed(ratio('cast(measured.value_count as double)', 'measured.expected_count')) }}
            as coverage,
        {{ computed(ratio('cast(measured.withheld_count as double)', 'measured.expected_count')) }}
            as suppressed_share,
        measured.herfindahl,
        measured.krugman,
        measured.krugman_others,
        inequalities.gini_equal,
        inequalities.gini_weighted,
        {{ first_reason([
            [is_pending('measured.correction'), reason('correction_pending')],
            ["measured.withheld_count > 0", reason('confidential_input')],
            [
                "measured.value_count < measured.expected_count or measured.activity_total is null",
                reason('incomplete_coverage'),
            ],
            ["measured.expected_count < 2", reason('too_few_regions')],
            ["measured.lowest < 0", reason('negative_input')],
            ["measured.activity_total = 0", reason('zero_denominator')],
            [
                "abs(measured.share_sum - 1) > " ~ var('whole_tolerance'),
                reason('incomplete_coverage'),
            ],
        ]) }} as reason_code,
        {{ first_reason([
            ["measured.lowest_base_share < 0", reason('negative_input')],
            ["measured.reference_total = 0", reason('zero_denominator')],
            [
                "measured.base_share_count < measured.region_count "
                ~ "or abs(measured.base_share_sum - 1) > " ~ var('whole_tolerance'),
                reason('incomplete_coverage'),
            ],
            ["measured.has_contradiction", reason('contradictory_input')],
        ]) }} as reference_reason_code,
        {{ first_reason([
            [is_pending('measured.others_correction'), reason('correction_pending')],
            ["measured.other_count < 1", reason('zero_denominator')],
            [
                "measured.others_share_count < measured.region_count",
                reason('incomplete_coverage'),
            ],
        ]) }} as others_own_reason_code
    from measured
    left join inequalities on {{ same('measured', 'inequalities', line_key) }}
),

final as (
    select
        {{ columns('explained', line_series) }},
        explained.region_count,
        explained.coverage,
        explained.imputed_share,
        explained.suppressed_share,
        explained.reference_kind,
        explained.is_part,
        explained.is_illustrative,
        explained.is_others_illustrative,
        explained.correction,
        explained.others_correction,
        explained.reason_code,
        coalesce(explained.reason_code, explained.reference_reason_code) as comparison_reason_code,
        coalesce(explained.reason_code, explained.others_own_reason_code) as others_reason_code,
        case when explained.reason_code is null then {{ computed('explained.herfindahl') }} end
            as herfindahl,
        {% for column in ['krugman', 'gini_equal', 'gini_weighted'] %}
        case
            when coalesce(explained.reason_code, explained.reference_reason_code) is null
                then {{ computed('explained.' ~ column) }}
        end as {{ column }},
        {% endfor %}
        case
            when coalesce(explained.reason_code, explained.reference_reason_code) is null
                then {{ computed(half_scale('explained.gini_weighted')) }}
        end as gini_half,
        case
            when coalesce(explained.reason_code, explained.others_own_reason_code) is null
                then {{ computed('explained.krugman_others') }}
        end as krugman_others
    from explained
)

select * from final
