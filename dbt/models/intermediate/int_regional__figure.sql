{{ config(materialized='view') }}

with final as (
    {{ figures(ref('int_regional__computed') ~ ' as region', {
        'region_code': 'region.region_code',
        'country_code': 'region.country_code',
        'region_level': 'region.region_level',
        'peer_group': 'region.peer_group',
        'is_peer': 'region.is_peer',
        'year': 'region.year',
        'period_end': 'region.period_end',
        'is_illustrative': 'region.is_illustrative',
    }, [
        {
            'where': 'true',
            'indicator_code': 'region.indicator_code',
            'base_indicator_code': 'region.part_code',
            'method_version': 'region.method_version',
            'is_primary': 'region.is_primary',
            'value': 'region.value',
            'reason_code': 'region.reason_code',
            'unit_code': 'region.unit_code',
            'correction_status': 'region.correction',
            'coverage': 'region.coverage',
            'imputed_share': 'region.imputed_share',
            'suppressed_share': 'region.suppressed_share',
            'vintage_on': 'region.known_on',
        },
    ]) }}
)

select * from final
