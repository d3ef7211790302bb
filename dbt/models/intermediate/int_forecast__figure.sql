{{ config(materialized='view') }}

-- figures of projects: the project stands where others have the cluster
with final as (
    {{ figures(ref('int_forecast__computed') ~ ' as forecast', {
        'region_code': "'" ~ var('not_applicable_code') ~ "'",
        'country_code': 'forecast.country_code',
        'region_level': '0',
        'peer_group': "'projects'",
        'cluster_code': 'forecast.project_id',
        'year': 'forecast.year',
        'period_end': 'make_date(greatest(forecast.year, 1), 12, 31)',
        'base_indicator_code': 'forecast.measure_code',
        'is_illustrative': 'forecast.is_illustrative',
    }, [
        {
            'indicator_code': "'PRJ_FCERR'",
            'value': 'forecast.forecast_error_pct',
            'reason_code': 'forecast.forecast_error_reason_code',
            'method_version': "'stated_on=' || cast(forecast.stated_on as varchar)",
            'unit_code': "'per_cent'",
            'where': 'true',
        },
    ]) }}
)

select * from final
