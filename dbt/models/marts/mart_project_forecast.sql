{% set series = ['cluster_id', 'project_id', 'is_illustrative', 'indicator_code', 'year'] %}
{% set error_reason = comparison_reason('forecast', 'actual', [
    ["forecast.value < 0", reason('negative_input')],
    ["forecast.value = 0", reason('zero_denominator')],
]) %}

with forecasts as (
    select
        {{ columns('stated', series) }},
        stated.stated_on,
        stated.value,
        stated.unit_code,
        stated.territory_version,
        stated.reason_code,
        stated.row_id,
        row_number() over (
            partition by {{ columns('stated', series) }}
            order by stated.stated_on
        ) as vintage_number,
        count(*) over (partition by {{ columns('stated', series) }}) as vintage_count
    from {{ ref('fct_project_value') }} as stated
    where stated.value_kind = {{ code('value_kind', 'forecast') }}
),

actuals as (
    select
        {{ columns('stated', series) }},
        stated.value,
        stated.unit_code,
        stated.territory_version,
        stated.reason_code,
        row_number() over (
            partition by {{ columns('stated', series) }}
            order by stated.stated_on desc
        ) as place
    from {{ ref('fct_project_value') }} as stated
    where stated.value_kind = {{ code('value_kind', 'actual') }}
),

final as (
    select
        {{ columns('forecast', series) }},
        forecast.stated_on,
        cast(forecast.vintage_number as integer) as vintage_number,
        cast(forecast.vintage_count as integer) as vintage_count,
        cast(make_date(forecast.year, 12, 31) - forecast.stated_on as integer) as horizon_days,
        forecast.value,
        forecast.unit_code,
        forecast.reason_code,
        actual.value as actual_value,
        actual.unit_code as actual_unit_code,
        case when {{ error_reason }} is null then {{ computed(
            forecast_error('actual.value', 'forecast.value')
        ) }} end as forecast_error_pct,
        {{ error_reason }} as forecast_error_reason_code,
        forecast.row_id
    from forecasts as forecast
    left join actuals as actual
        on {{ same('forecast', 'actual', series) }}
        and actual.place = 1
)

select * from final
