{% set series = ['cluster_code', 'project_id', 'is_illustrative', 'measure_code', 'year'] %}
{% set error_reason = comparison_reason('part.forecast', 'part.actual', [
    ["part.forecast_value < 0", reason('negative_input')],
    ["part.forecast_value = 0", reason('zero_denominator')],
], '_') %}

with final as (
    select
        {{ columns('part', series) }},
        part.country_code,
        part.stated_on,
        cast(row_number() over (
            partition by {{ columns('part', series) }}
            order by part.stated_on
        ) as integer) as vintage_number,
        cast(count(*) over (partition by {{ columns('part', series) }}) as integer)
            as vintage_count,
        part.forecast_value,
        part.forecast_unit_code,
        part.forecast_reason_code,
        part.actual_value,
        part.actual_unit_code,
        case when {{ error_reason }} is null then {{ computed(
            forecast_error('part.actual_value', 'part.forecast_value')
        ) }} end as forecast_error_pct,
        {{ error_reason }} as forecast_error_reason_code,
        part.row_id
    from {{ ref('int_forecast__input') }} as part
)

select * from final
