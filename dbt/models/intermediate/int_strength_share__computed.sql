{% set region_series = [
    'base_indicator_code', 'activity_classifier', 'country_code', 'region_code', 'region_level',
    'peer_group', 'year', 'period_end', 'unit_code', 'method_version',
] %}

with measured as (
    select
        {{ columns('cell', region_series) }},
        count(*) as activity_count,
        count(cell.is_traded) as traded_known_count,
        count(case when cell.is_traded then 1 end) as traded_count,
        count(case when cell.is_traded and cell.is_strong is null then 1 end) as undecided_count,
        count(case when cell.is_traded and cell.value is null then 1 end) as missing_count,
        count(case when cell.is_traded and cell.is_withheld then 1 end) as withheld_count,
        min(case when cell.is_traded then cell.value end) as lowest,
        {{ ordered_sum('case when cell.is_traded then cell.value end', 'cell.activity_code') }}
            as traded_value,
        {{ ordered_sum(
            'case when cell.is_traded then case when cell.is_strong then cell.value else 0 end end',
            'cell.activity_code'
        ) }} as strong_value,
        {{ ordered_sum(
            'case when cell.is_traded and cell.is_strong and cell.is_imputed then cell.value '
            ~ 'else 0 end',
            'cell.activity_code'
        ) }} as imputed_value,
        {{ any_true('cell.is_illustrative') }} as is_illustrative,
        max(cell.correction) as correction
    from {{ ref('int_strength_share__input') }} as cell
    group by {{ columns('cell', region_series) }}
),

explained as (
    select
        {{ columns('measured', region_series) }},
        measured.is_illustrative,
        measured.correction,
        {{ computed(ratio(
            'cast(measured.traded_count - measured.missing_count as double)',
            'measured.traded_count',
        )) }} as coverage,
        {{ computed(ratio('measured.imputed_value', 'measured.strong_value')) }} as imputed_share,
        {{ computed(ratio(
            'cast(measured.withheld_count as double)', 'measured.traded_count'
        )) }} as suppressed_share,
        {{ computed('100 * ' ~ strength_share('measured.strong_value', 'measured.traded_value')) }}
            as share_pct,
        {{ first_reason([
            [is_pending('measured.correction'), reason('correction_pending')],
            ["measured.traded_known_count < measured.activity_count", reason('missing_input')],
            ["measured.withheld_count > 0", reason('confidential_input')],
            ["measured.missing_count > 0", reason('incomplete_coverage')],
            ["measured.lowest < 0", reason('negative_input')],
            ["coalesce(measured.traded_value, 0) = 0", reason('zero_denominator')],
            ["measured.undecided_count > 0", reason('missing_input')],
        ]) }} as reason_code
    from measured
),

final as (
    select
        {{ columns('explained', region_series) }},
        explained.is_illustrative,
        explained.correction,
        explained.coverage,
        explained.imputed_share,
        explained.suppressed_share,
        explained.reason_code,
        case when explained.reason_code is null then explained.share_pct end as share_pct
    from explained
)

select * from final
