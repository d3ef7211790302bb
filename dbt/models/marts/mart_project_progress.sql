{% set project = ['cluster_id', 'project_id', 'is_illustrative'] %}
{% set series = project + ['indicator_code'] %}
{% set key = series + ['year'] %}
{% set kinds = ['plan', 'forecast', 'actual', 'effect'] %}

{% set execution_reason = comparison_reason('actual', 'plan', [
    ["least(actual.value, plan.value) < 0", reason('negative_input')],
    [execution_rate('actual.value', 'plan.value', 'indicator.direction') ~ " is null",
        reason('zero_denominator')],
]) %}
{% set deviation_reason = comparison_reason('actual', 'plan') %}
{% set required_reason = comparison_reason('plan', 'base', [
    ["least(plan.value, base.value) < 0", reason('negative_input')],
    ["base.value = 0", reason('zero_input')],
]) %}
{% set linear = linear_schedule(
    'base.value', 'target.value', 'base.year', 'target.year', 'years.year'
) %}
{% set schedule = "case when plan.value is null then " ~ linear ~ " else plan.value end" %}
{% set pace_reason = comparison_reason('actual', 'base', [
    ["plan.unit_code <> actual.unit_code", reason('unit_break')],
    ["plan.territory_version <> actual.territory_version", reason('boundary_break')],
    ["target.value is null", "coalesce(target.reason_code, " ~ reason('missing_input') ~ ")"],
    ["target.unit_code <> actual.unit_code", reason('unit_break')],
    ["target.territory_version <> actual.territory_version", reason('boundary_break')],
    ["target.year <= base.year", reason('not_applicable')],
    [schedule ~ " = base.value", reason('zero_denominator')],
]) %}

-- of each kind and year, what was stated last leads
with stated as (
    select
        {{ columns('value', key) }},
        value.value_kind,
        value.stated_on,
        value.value,
        value.unit_code,
        value.territory_version,
        value.method_note,
        value.reason_code,
        row_number() over (
            partition by {{ columns('value', key) }}, value.value_kind
            order by value.stated_on desc
        ) as place
    from {{ ref('fct_project_value') }} as value
),

newest as (
    select
        {{ columns('stated', key) }},
        stated.value_kind,
        stated.stated_on,
        stated.value,
        stated.unit_code,
        stated.territory_version,
        stated.method_note,
        stated.reason_code
    from stated
    where stated.place = 1
),

years as (
    select
        {{ columns('newest', key) }},
        count(*) as kind_count
    from newest
    where newest.value_kind <> {{ code('value_kind', 'base') }}
    group by {{ columns('newest', key) }}
),

-- the base that a year is measured from is the last one before it
bases as (
    select
        {{ columns('years', key) }},
        max(newest.year) as base_year
    from years
    inner join newest
        on {{ same('years', 'newest', series) }}
        and newest.value_kind = {{ code('value_kind', 'base') }}
        and years.year > newest.year
    group by {{ columns('years', key) }}
),

-- the target of the whole project is the plan of its last planned year
targets as (
    select
        {{ columns('newest', series) }},
        max(newest.year) as target_year
    from newest
    where newest.value_kind = {{ code('value_kind', 'plan') }}
    group by {{ columns('newest', series) }}
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
        {{ columns('years', key) }},
        base.year as base_year,
        base.value as base_value,
        base.unit_code as base_unit_code,
        {% for kind in ['plan', 'forecast', 'actual'] %}
        {{ kind }}.value as {{ kind }}_value,
        {{ kind }}.unit_code as {{ kind }}_unit_code,
        {{ kind }}.stated_on as {{ kind }}_stated_on,
        case
            when {{ kind }}.value is null
                then coalesce({{ kind }}.reason_code, {{ reason('missing_input') }})
        end as {{ kind }}_reason_code,
        {% endfor %}
        effect.value as effect_value,
        effect.unit_code as effect_unit_code,
        effect.method_note as effect_method_note,
        target.year as target_year,
        target.value as target_value,
        case when {{ execution_reason }} is null then {{ computed(
            execution_rate('actual.value', 'plan.value', 'indicator.direction')
        ) }} end as execution_pct,
        {{ execution_reason }} as execution_reason_code,
        case when {{ deviation_reason }} is null then {{ computed(
            'actual.value - plan.value'
        ) }} end as deviation,
        {{ deviation_reason }} as deviation_reason_code,
        case when {{ required_reason }} is null then {{ computed(
            required_pace('plan.value', 'base.value', 'years.year - base.year')
        ) }} end as required_pace_pct,
        {{ required_reason }} as required_pace_reason_code,
        case when {{ pace_reason }} is null then {{ computed(schedule) }} end as schedule_value,
        case when {{ pace_reason }} is null then {{ computed(
            pace_against_schedule('actual.value', 'base.value', schedule)
        ) }} end as pace_pct,
        {{ pace_reason }} as pace_reason_code,
        cast(coalesce(vintages.forecast_count, 0) as integer) as forecast_count,
        last_forecast.forecast_error_pct,
        coalesce(last_forecast.forecast_error_reason_code, case
            when last_forecast.row_id is null then {{ reason('missing_input') }}
        end) as forecast_error_reason_code,
        cast(project.finished_on - project.planned_finish_on as integer) as slip_days,
        case
            when project.finished_on is null or project.planned_finish_on is null
                then {{ reason('missing_input') }}
        end as slip_reason_code
    from years
    inner join {{ ref('indicators') }} as indicator
        on years.indicator_code = indicator.indicator_code
    {% for kind in kinds %}
    left join newest as {{ kind }}
        on {{ same('years', kind, key) }}
        and {{ kind }}.value_kind = {{ code('value_kind', kind) }}
    {% endfor %}
    left join bases on {{ same('years', 'bases', key) }}
    left join newest as base
        on {{ same('bases', 'base', series) }}
        and bases.base_year = base.year
        and base.value_kind = {{ code('value_kind', 'base') }}
    left join targets on {{ same('years', 'targets', series) }}
    left join newest as target
        on {{ same('targets', 'target', series) }}
        and targets.target_year = target.year
        and target.value_kind = {{ code('value_kind', 'plan') }}
    left join vintages on {{ same('years', 'vintages', key) }}
    left join {{ ref('mart_project_forecast') }} as last_forecast
        on {{ same('years', 'last_forecast', key) }}
        and last_forecast.vintage_number = last_forecast.vintage_count
    left join {{ ref('dim_project') }} as project on {{ same('years', 'project', project) }}
)

select * from final
