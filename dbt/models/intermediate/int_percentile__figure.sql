{{ config(materialized='view') }}

with final as (
    {{ figures(ref('int_percentile__computed') ~ ' as place', {
        'region_code': 'place.region_code',
        'country_code': 'place.country_code',
        'region_level': 'place.region_level',
        'peer_group': 'place.peer_group',
        'year': 'place.year',
        'period_end': 'place.period_end',
        'base_indicator_code': 'place.indicator_code',
        'unit_code': "'per_cent'",
        'method_version': percentile_method('place'),
        'reason_code': 'place.reason_code',
        'correction_status': 'place.correction',
        'coverage': 'place.coverage',
        'imputed_share': 'place.imputed_part',
        'suppressed_share': 'place.suppressed_part',
        'vintage_on': 'place.vintage_on',
        'region_count': 'place.ranked_count',
        'is_illustrative': 'place.is_illustrative',
    }, [{'indicator_code': "'RNK_PCTL'", 'value': 'place.percentile_rank', 'where': 'true'}]) }}
)

select * from final
