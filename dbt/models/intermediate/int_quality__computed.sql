{% set panel = [
    'indicator_code', 'country_code', 'region_level', 'peer_group', 'cells_kind', 'unit_code',
    'method_version', 'year',
] %}
{% set order = 'cell.region_code, cell.activity_code' %}

with measured as (
    select
        {{ columns('cell', panel) }},
        max(cell.period_end) as period_end,
        greatest(coalesce(max(cell.expected_count), 0), count(*)) as expected_count,
        count(cell.value) as value_count,
        count(
            case
                when
                    {{ is_known('cell.value', 'cell.reason_code') }}
                    or {{ is_pending('cell.correction') }}
                    then 1
            end
        ) as known_count,
        count(case when {{ is_suppressed('cell.value', 'cell.conf_status') }} then 1 end)
            as suppressed_count,
        {{ imputed_share_of_sum('cell.value', 'cell.obs_status', order) }} as imputed_share,
        {{ suppressed_share_of_cells(
            'cell.value', 'cell.conf_status',
            'greatest(coalesce(max(cell.expected_count), 0), count(*))',
        ) }} as suppressed_share,
        {{ days_after('max(cell.released_on)', 'max(cell.period_end)') }} as days_late,
        count(case when cell.value is not null and cell.released_on is null then 1 end)
            as undated_count,
        max(cell.total) as total,
        min(cell.total) <> max(cell.total) as has_several_totals,
        max(cell.decimals) as decimals,
        max(cell.rounding) as rounding,
        {{ ordered_sum('cell.value', order) }} as sum_of_parts,
        count(cell.first_value + cell.value) as revised_count,
        {{ ordered_sum(
            'case when cell.first_value is not null then cell.value - cell.first_value end', order
        ) }} as net_change,
        {{ ordered_sum('abs(cell.value - cell.first_value)', order) }} as gross_change,
        {{ ordered_sum(
            'case when cell.value is not null then cell.first_value end', order
        ) }} as first_sum,
        {{ ordered_sum(
            'case when cell.value is not null then abs(cell.first_value) end', order
        ) }} as first_size,
        max({{ worst_correction(['cell.correction', 'cell.total_correction']) }}) as correction,
        {{ any_true('cell.is_illustrative') }} as is_illustrative,
        max(cell.vintage_on) as vintage_on,
        {{ any_true('cell.is_known_year') }} as is_known_year
    from {{ ref('int_quality__input') }} as cell
    group by {{ columns('cell', panel) }}
),

reasoned as (
    select
        measured.*,
        {{ first_reason([
            ["measured.value_count = 0", reason('missing_input')],
            ["measured.undated_count > 0", reason('missing_input')],
        ]) }} as timeliness_reason_code,
        {{ first_reason([
            ["measured.value_count = 0", reason('missing_input')],
            ["measured.imputed_share is null", reason('zero_denominator')],
        ]) }} as imputed_reason_code,
        {{ first_reason([
            [is_pending("measured.correction"), reason('correction_pending')],
            ["measured.total is null", reason('missing_input')],
            ["measured.has_several_totals", reason('not_defined')],
            ["measured.suppressed_count > 0", reason('confidential_input')],
            ["measured.known_count < measured.expected_count", reason('incomplete_coverage')],
            ["measured.total = 0", reason('zero_denominator')],
        ]) }} as reconciliation_reason_code,
        {{ first_reason([
            [is_pending("measured.correction"), reason('correction_pending')],
            ["measured.revised_count = 0", reason('one_vintage')],
            ["measured.first_size = 0", reason('zero_denominator')],
        ]) }} as gross_revision_reason_code
    from measured
),

final as (
    select
        {{ columns('reasoned', panel) }},
        reasoned.period_end,
        cast(reasoned.expected_count as integer) as expected_count,
        cast(reasoned.value_count as integer) as value_count,
        cast(reasoned.known_count as integer) as known_count,
        cast(reasoned.suppressed_count as integer) as suppressed_count,
        {{ computed(completeness(
            'reasoned.known_count', 'reasoned.expected_count'
        )) }} as completeness,
        case
            when reasoned.timeliness_reason_code is null then cast(reasoned.days_late as double)
        end as days_late,
        reasoned.timeliness_reason_code,
        case
            when reasoned.imputed_reason_code is null then {{ computed('reasoned.imputed_share') }}
        end as imputed_share,
        reasoned.imputed_reason_code,
        {{ computed('reasoned.suppressed_share') }} as suppressed_share,
        case when reasoned.reconciliation_reason_code is null then reasoned.total end as total,
        case when reasoned.reconciliation_reason_code is null then reasoned.sum_of_parts end
            as sum_of_parts,
        case
            when reasoned.reconciliation_reason_code is null
                then {{ computed(reconciliation_gap('reasoned.sum_of_parts', 'reasoned.total')) }}
        end as reconciliation_gap,
        case
            when reasoned.reconciliation_reason_code is null
                then {{ computed(gap_beyond_rounding(
                    'reasoned.sum_of_parts', 'reasoned.total', 'reasoned.rounding'
                )) }}
        end as gap_beyond_rounding,
        reasoned.reconciliation_reason_code,
        case
            when reasoned.reconciliation_reason_code is not null
                then reasoned.reconciliation_reason_code
            when reasoned.rounding is null then {{ reason('missing_input') }}
        end as rounding_reason_code,
        -- a single part that is missing, not withheld: the total tells between which values it lies
        case
            when
                reasoned.expected_count - reasoned.known_count = 1
                and reasoned.suppressed_count = 0
                and not coalesce(reasoned.has_several_totals, false)
                then {{ computed(admissible_part(
                    'reasoned.total', 'reasoned.sum_of_parts', 'reasoned.rounding', '-'
                )) }}
        end as admissible_low,
        case
            when
                reasoned.expected_count - reasoned.known_count = 1
                and reasoned.suppressed_count = 0
                and not coalesce(reasoned.has_several_totals, false)
                then {{ computed(admissible_part(
                    'reasoned.total', 'reasoned.sum_of_parts', 'reasoned.rounding', '+'
                )) }}
        end as admissible_high,
        cast(reasoned.revised_count as integer) as revised_count,
        case
            when reasoned.gross_revision_reason_code is null and reasoned.first_sum <> 0
                then {{ computed(revision_size('reasoned.net_change', 'reasoned.first_sum')) }}
        end as net_revision,
        case
            when reasoned.gross_revision_reason_code is not null
                then reasoned.gross_revision_reason_code
            when reasoned.first_sum = 0 then {{ reason('zero_denominator') }}
        end as net_revision_reason_code,
        case
            when reasoned.gross_revision_reason_code is null
                then {{ computed(revision_size('reasoned.gross_change', 'reasoned.first_size')) }}
        end as gross_revision,
        reasoned.gross_revision_reason_code,
        reasoned.correction,
        reasoned.is_illustrative,
        reasoned.vintage_on,
        reasoned.is_known_year
    from reasoned
)

select * from final
