{{ config(materialized='view') }}

with final as (
    {{ figures(ref('int_specialisation__computed') ~ ' as cell', {
        'region_code': 'cell.region_code',
        'country_code': 'cell.country_code',
        'region_level': 'cell.region_level',
        'peer_group': 'cell.peer_group',
        'is_peer': 'true',
        'activity_classifier': 'cell.activity_classifier',
        'activity_code': 'cell.activity_code',
        'year': 'cell.year',
        'period_end': 'cell.period_end',
        'base_indicator_code': 'cell.base_indicator_code',
        'method_version': 'cell.method_version',
        'obs_status': 'cell.obs_status',
    }, [
        {
            'indicator_code': "'SPC_LQ'",
            'value': 'cell.location_quotient',
            'reason_code': 'cell.location_quotient_reason_code',
            'correction_status': 'cell.quotient_correction',
            'coverage': 'cell.reference_coverage',
            'is_illustrative': 'cell.is_quotient_illustrative',
        },
        {
            'indicator_code': "'SPC_SIZE'",
            'value': computed('cell.size_share * 100'),
            'unit_code': "'per_cent'",
            'reason_code': 'cell.size_reason_code',
            'correction_status': 'cell.size_correction',
            'coverage': 'cell.reference_coverage',
            'is_illustrative': 'cell.is_size_illustrative',
        },
        {
            'indicator_code': "'SPC_FOCUS'",
            'value': computed('cell.focus_share * 100'),
            'unit_code': "'per_cent'",
            'reason_code': 'cell.focus_reason_code',
            'correction_status': 'cell.focus_correction',
            'coverage': 'case when cell.region_total is null then 0.0 else 1.0 end',
            'is_illustrative': 'cell.is_focus_illustrative',
        },
    ]) }}
)

select * from final
