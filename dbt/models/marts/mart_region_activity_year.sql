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
        cell.value,
        cell.obs_status,
        cell.reason_code,
        cell.is_illustrative,
        cell.location_quotient,
        cell.location_quotient_reason_code,
        cell.is_quotient_illustrative as is_location_quotient_illustrative,
        {{ computed('cell.size_share * 100') }} as size_pct,
        cell.size_reason_code,
        cell.is_size_illustrative,
        {{ computed('cell.focus_share * 100') }} as focus_pct,
        cell.focus_reason_code,
        cell.is_focus_illustrative,
        cell.region_total,
        cell.region_total_kind,
        cell.activity_total,
        cell.reference_total,
        cell.reference_kind,
        cell.reference_coverage,
        cell.observation_id
    from {{ ref('int_specialisation__computed') }} as cell
)

select * from final
