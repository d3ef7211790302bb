{{ config(materialized='view') }}

with final as (
    {{ figures(ref('int_cluster_status__computed') ~ ' as region', {
        'region_code': 'region.region_code',
        'country_code': 'region.country_code',
        'region_level': 'region.region_level',
        'peer_group': 'region.peer_group',
        'is_peer': 'region.is_peer',
        'year': 'region.year',
        'period_end': 'make_date(greatest(region.year, 1), 12, 31)',
        'is_illustrative': 'region.is_illustrative',
    }, [
        {
            'indicator_code': "'STA_CNT'",
            'base_indicator_code': "'clusters'",
            'method_version': "'status=' || region.status_code",
            'is_primary': "region.status_code = '" ~ var('total_code') ~ "'",
            'value': 'region.cluster_count',
            'reason_code': 'cast(null as varchar)',
            'unit_code': "'units'",
            'coverage': '1.0',
            'where': 'region.is_leading',
        },
    ]) }}
)

select * from final
