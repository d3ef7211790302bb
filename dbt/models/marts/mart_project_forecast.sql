with final as (
    select
        forecast.cluster_code as cluster_id,
        forecast.project_id,
        forecast.is_illustrative,
        forecast.measure_code as indicator_code,
        forecast.year,
        forecast.stated_on,
        forecast.vintage_number,
        forecast.vintage_count,
        cast(make_date(forecast.year, 12, 31) - forecast.stated_on as integer) as horizon_days,
        forecast.forecast_value as value,
        forecast.forecast_unit_code as unit_code,
        forecast.forecast_reason_code as reason_code,
        forecast.actual_value,
        forecast.actual_unit_code,
        forecast.forecast_error_pct,
        forecast.forecast_error_reason_code,
        forecast.row_id
    from {{ ref('int_forecast__computed') }} as forecast
)

select * from final
