{% set project = ['project_id', 'is_illustrative'] %}
{% set taken = [
    'base_year', 'base_value', 'base_unit_code',
    'plan_value', 'plan_unit_code', 'plan_stated_on', 'plan_reason_code',
    'forecast_value', 'forecast_unit_code', 'forecast_stated_on', 'forecast_reason_code',
    'actual_value', 'actual_unit_code', 'actual_stated_on', 'actual_reason_code',
] %}
{% set computed_columns = [
    'execution_pct', 'execution_reason_code', 'deviation', 'deviation_reason_code',
    'required_pace_pct', 'required_pace_reason_code', 'schedule_value', 'pace_pct',
    'pace_reason_code',
] %}
{% set key = ['cluster_id', 'project_id', 'is_illustrative', 'indicator_code', 'year'] %}

with progress as (
    select
        part.cluster_code as cluster_id,
        {{ columns('part', project) }},
        part.measure_code as indicator_code,
        part.year,
        {{ columns('part', taken) }},
        part.effect_stated as effect_value,
        part.effect_unit_code,
        part.effect_method_note,
        part.target_year,
        part.target_value,
        {{ columns('part', computed_columns) }},
        part.slip_days,
        part.slip_reason_code
    from {{ ref('int_project__computed') }} as part
    where part.project_id is not null
),

vintages as (
    select
        {{ columns('forecast', key) }},
        count(*) as forecast_count
    from {{ ref('mart_project_forecast') }} as forecast
    group by {{ columns('forecast', key) }}
),

final as (
    select
        {{ columns('progress', key) }},
        {{ columns('progress', taken) }},
        progress.effect_value,
        progress.effect_unit_code,
        progress.effect_method_note,
        progress.target_year,
        progress.target_value,
        {{ columns('progress', computed_columns) }},
        cast(coalesce(vintages.forecast_count, 0) as integer) as forecast_count,
        last_forecast.forecast_error_pct,
        coalesce(last_forecast.forecast_error_reason_code, case
            when last_forecast.row_id is null then {{ reason('missing_input') }}
        end) as forecast_error_reason_code,
        progress.slip_days,
        progress.slip_reason_code
    from progress
    left join vintages on {{ same('progress', 'vintages', key) }}
    left join {{ ref('mart_project_forecast') }} as last_forecast
        on {{ same('progress', 'last_forecast', key) }}
        and last_forecast.vintage_number = last_forecast.vintage_count
)

select * from final
