{% set series = ['cluster_id', 'project_id', 'is_illustrative', 'indicator_code', 'year'] %}

with actuals as (
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
        forecast.cluster_id as cluster_code,
        forecast.project_id,
        forecast.is_illustrative,
        {{ country_of_cluster('forecast.cluster_id') }} as country_code,
        forecast.indicator_code as measure_code,
        forecast.year,
        forecast.stated_on,
        forecast.value as forecast_value,
        forecast.unit_code as forecast_unit_code,
        forecast.territory_version as forecast_territory_version,
        forecast.reason_code as forecast_reason_code,
        actual.value as actual_value,
        actual.unit_code as actual_unit_code,
        actual.territory_version as actual_territory_version,
        actual.reason_code as actual_reason_code,
        forecast.row_id
    from {{ ref('fct_project_value') }} as forecast
    left join actuals as actual
        on {{ same('forecast', 'actual', series) }}
        and actual.place = 1
    where forecast.value_kind = {{ code('value_kind', 'forecast') }}
)

select * from final
