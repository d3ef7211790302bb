with final as (
    select
        cell.base_indicator_code,
        cell.region_code,
        cell.country_code,
        cell.region_level,
        cell.peer_group,
        cell.activity_classifier,
        cell.activity_code,
        cell.year,
        cell.unit_code,
        cell.method_version,
        cell.printed_value as value,
        cell.corrected_value,
        cell.correction_id,
        cell.correction_status,
        {{ has_correction('cell.quotient_correction') }} as has_correction,
        cell.obs_status,
        cell.printed_reason_code as reason_code,
        cell.is_illustrative,
        cell.location_quotient,
        cell.location_quotient_reason_code,
        cell.is_quotient_illustrative as is_location_quotient_illustrative,
        cell.quotient_correction as location_quotient_correction_status,
        {{ computed('cell.size_share * 100') }} as size_pct,
        cell.size_reason_code,
        cell.is_size_illustrative,
        cell.size_correction as size_correction_status,
        {{ computed('cell.focus_share * 100') }} as focus_pct,
        cell.focus_reason_code,
        cell.is_focus_illustrative,
        cell.focus_correction as focus_correction_status,
        cell.region_total,
        cell.region_total_kind,
        cell.activity_total,
        cell.reference_total,
        cell.reference_kind,
        cell.reference_coverage,
        cell.quotient_low as location_quotient_low,
        cell.quotient_high as location_quotient_high,
        compared.stars,
        compared.stars_reason_code,
        compared.strong,
        compared.strong_reason_code,
        compared.absolute as reaches_thresholds,
        compared.absolute_reason_code as reaches_thresholds_reason_code,
        compared.rule_warning,
        cell.is_outflow_above_output,
        cell.observation_id
    from {{ ref('int_specialisation__computed') }} as cell
    inner join {{ ref('int_specialisation__compared') }} as compared
        on cell.base_indicator_code = compared.base_indicator_code
        and cell.activity_classifier = compared.activity_classifier
        and cell.activity_code = compared.activity_code
        and cell.region_code = compared.region_code
        and cell.year = compared.year
    where cell.activity_code <> '{{ var("total_code") }}'
)

select * from final
