{% set focus_reason = first_reason([
    ["measured.value is null", "measured.reason_code"],
    [is_pending("measured.focus_correction"), reason('correction_pending')],
    ["measured.has_negative", reason('negative_input')],
    ["measured.region_total is null", reason('incomplete_coverage')],
    ["measured.focus_share is null", reason('zero_denominator')],
]) %}
{% set size_reason = first_reason([
    ["measured.value is null", "measured.reason_code"],
    [is_pending("measured.size_correction"), reason('correction_pending')],
    ["measured.has_negative", reason('negative_input')],
    ["measured.activity_total is null", reason('incomplete_coverage')],
    ["measured.size_share is null", reason('zero_denominator')],
]) %}
{% set quotient_reason = first_reason([
    ["measured.value is null", "measured.reason_code"],
    [is_pending("measured.quotient_correction"), reason('correction_pending')],
    ["measured.has_negative", reason('negative_input')],
    ["measured.region_total is null or measured.activity_total is null", reason('incomplete_coverage')],
    ["measured.location_quotient is null", reason('zero_denominator')],
]) %}

with measured as (
    select
        cell.observation_id,
        cell.base_indicator_code,
        cell.activity_classifier,
        cell.activity_code,
        cell.activity_level,
        cell.is_part,
        cell.activity_count,
        cell.country_code,
        cell.region_code,
        cell.region_level,
        cell.peer_group,
        cell.year,
        cell.period_end,
        cell.unit_code,
        cell.method_version,
        cell.printed_value,
        cell.value,
        cell.obs_status,
        cell.conf_status,
        cell.printed_reason_code,
        cell.reason_code,
        cell.is_illustrative,
        cell.correction_id,
        cell.corrected_value,
        cell.correction_status,
        cell.region_total_kind,
        cell.region_total,
        cell.reference_kind,
        cell.reference_coverage,
        cell.activity_total,
        cell.reference_total,
        cell.is_focus_illustrative,
        cell.is_size_illustrative,
        cell.is_quotient_illustrative,
        cell.focus_correction,
        cell.size_correction,
        cell.quotient_correction,
        {{ computed(focus_share('cell.value', 'cell.region_total')) }} as focus_share,
        {{ computed(focus_share('cell.activity_total', 'cell.reference_total')) }} as base_share,
        {{ computed(size_share('cell.value', 'cell.activity_total')) }} as size_share,
        {{ computed(location_quotient(
            'cell.value', 'cell.region_total', 'cell.activity_total', 'cell.reference_total'
        )) }} as location_quotient,
        least(
            cell.value, cell.region_total, cell.activity_total, cell.reference_total
        ) < 0 as has_negative
    from {{ ref('int_activity__totalled') }} as cell
),

final as (
    select
        measured.observation_id,
        measured.base_indicator_code,
        measured.activity_classifier,
        measured.activity_code,
        measured.activity_level,
        measured.is_part,
        measured.activity_count,
        measured.country_code,
        measured.region_code,
        measured.region_level,
        measured.peer_group,
        measured.year,
        measured.period_end,
        measured.unit_code,
        measured.method_version,
        measured.printed_value,
        measured.value,
        measured.obs_status,
        measured.conf_status,
        measured.printed_reason_code,
        measured.reason_code,
        measured.is_illustrative,
        measured.correction_id,
        measured.corrected_value,
        measured.correction_status,
        measured.region_total_kind,
        measured.region_total,
        measured.reference_kind,
        measured.reference_coverage,
        measured.activity_total,
        measured.reference_total,
        measured.is_focus_illustrative,
        measured.is_size_illustrative,
        measured.is_quotient_illustrative,
        measured.focus_correction,
        measured.size_correction,
        measured.quotient_correction,
        measured.base_share,
        case when {{ focus_reason }} is null then measured.focus_share end as focus_share,
        {{ focus_reason }} as focus_reason_code,
        case when {{ size_reason }} is null then measured.size_share end as size_share,
        {{ size_reason }} as size_reason_code,
        case when {{ quotient_reason }} is null then measured.location_quotient end
            as location_quotient,
        {{ quotient_reason }} as location_quotient_reason_code
    from measured
)

select * from final
