{{ config(materialized='view') }}

-- the order of regions in two years is a figure of the country
with final as (
    {{ figures(ref('int_mobility__computed') ~ ' as mobility', {
        'region_code': 'mobility.country_code',
        'country_code': 'mobility.country_code',
        'region_level': '0',
        'peer_group': "'national-0'",
        'year': 'mobility.year',
        'period_end': 'mobility.period_end',
        'base_indicator_code': 'mobility.base_indicator_code',
        'method_version': (
            added_method('mobility.method_version', "'peers=' || mobility.peer_group")
            ~ " || ';tau=b;' || " ~ compared_with('mobility')
        ),
        'is_primary': "mobility.comparison <> 'first_year'",
        'correction_status': 'mobility.correction',
        'coverage': 'mobility.coverage',
        'region_count': 'mobility.region_count',
        'is_illustrative': 'mobility.is_illustrative',
    }, [
        {
            'indicator_code': "'RNK_TAU'",
            'value': 'mobility.tau',
            'reason_code': 'mobility.reason_code',
        },
    ]) }}
)

select * from final
