{{ config(materialized='view') }}

-- a way from status to status is a figure of the country; its method says which way
with final as (
    {{ figures(ref('int_transition__computed') ~ ' as move', {
        'region_code': 'move.country_code',
        'country_code': 'move.country_code',
        'region_level': '0',
        'peer_group': "'national-0'",
        'year': 'move.year',
        'period_end': 'make_date(greatest(move.year, 1), 12, 31)',
        'method_version': (
            "'from=' || move.base_status_code || ';to=' || move.status_code "
            ~ "|| case when move.base_year = move.year - 1 then '' "
            ~ "else ';since=' || move.base_year end"
        ),
        'coverage': '1.0',
        'is_illustrative': 'move.is_illustrative',
    }, [
        {
            'indicator_code': "'STA_TRANS'",
            'base_indicator_code': "'STA_TRANS'",
            'value': 'move.share_pct',
            'unit_code': "'per_cent'",
            'reason_code': 'move.share_reason_code',
        },
        {
            'indicator_code': "'STA_TRANS_N'",
            'base_indicator_code': "'STA_TRANS_N'",
            'value': 'cast(move.cluster_count as double)',
            'unit_code': "'units'",
            'reason_code': 'cast(null as varchar)',
        },
    ]) }}
)

select * from final
