{% set key = ['cluster_code', 'project_id', 'is_illustrative', 'measure_code', 'year'] %}

{% set execution_reason = comparison_reason('part.actual', 'part.plan', [
    ["least(part.actual_value, part.plan_value) < 0", reason('negative_input')],
    [execution_rate('part.actual_value', 'part.plan_value', 'part.direction') ~ " is null",
        reason('zero_denominator')],
], '_') %}
{% set deviation_reason = comparison_reason('part.actual', 'part.plan', [], '_') %}
{% set relative_reason = comparison_reason('part.actual', 'part.plan', [
    ["part.plan_value < 0", reason('negative_input')],
    ["part.plan_value = 0", reason('zero_denominator')],
], '_') %}
{% set required_reason = comparison_reason('part.plan', 'part.base', [
    ["least(part.plan_value, part.base_value) < 0", reason('negative_input')],
    ["part.base_value = 0", reason('zero_input')],
    ["coalesce(part.year <= part.base_year, true)", reason('not_applicable')],
], '_') %}
{% set linear = linear_schedule(
    'part.base_value', 'part.target_value', 'part.base_year', 'part.target_year', 'part.year'
) %}
{% set schedule =
    "case when part.plan_value is null then " ~ linear ~ " else part.plan_value end" %}
{% set pace_reason = comparison_reason('part.actual', 'part.base', [
    ["part.plan_unit_code <> part.actual_unit_code", reason('unit_break')],
    ["part.plan_territory_version <> part.actual_territory_version", reason('boundary_break')],
    [
        "part.target_value is null and part.plan_value is null",
        "coalesce(part.target_reason_code, " ~ reason('missing_input') ~ ")",
    ],
    ["part.target_unit_code <> part.actual_unit_code", reason('unit_break')],
    ["part.target_territory_version <> part.actual_territory_version", reason('boundary_break')],
    ["part.target_year <= part.base_year", reason('not_applicable')],
    ["(" ~ schedule ~ ") is null", reason('missing_input')],
    [schedule ~ " = part.base_value", reason('zero_denominator')],
], '_') %}

with final as (
    select
        {{ columns('part', key) }},
        part.country_code,
        part.region_code,
        part.direction,
        part.base_year,
        part.base_value,
        part.base_unit_code,
        {% for kind in ['plan', 'forecast', 'actual'] %}
        part.{{ kind }}_value,
        part.{{ kind }}_unit_code,
        part.{{ kind }}_stated_on,
        case
            when part.{{ kind }}_value is null
                then coalesce(part.{{ kind }}_reason_code, {{ reason('missing_input') }})
        end as {{ kind }}_reason_code,
        {% endfor %}
        part.effect_value as effect_stated,
        case when part.effect_method_note is not null then part.effect_value end as effect_value,
        part.effect_unit_code,
        part.effect_method_note,
        {{ first_reason([
            ["part.effect_value is null", reason('missing_input')],
            ["part.effect_method_note is null", reason('undocumented_method')],
        ]) }} as effect_reason_code,
        part.target_year,
        part.target_value,
        case when {{ execution_reason }} is null then {{ computed(
            execution_rate('part.actual_value', 'part.plan_value', 'part.direction')
        ) }} end as execution_pct,
        {{ execution_reason }} as execution_reason_code,
        case when {{ deviation_reason }} is null then {{ computed(
            absolute_change('part.actual_value', 'part.plan_value')
        ) }} end as deviation,
        {{ deviation_reason }} as deviation_reason_code,
        case when {{ relative_reason }} is null then {{ computed(
            relative_deviation('part.actual_value', 'part.plan_value')
        ) }} end as deviation_pct,
        {{ relative_reason }} as deviation_pct_reason_code,
        case when {{ required_reason }} is null then {{ computed(
            required_pace('part.plan_value', 'part.base_value', 'part.year - part.base_year')
        ) }} end as required_pace_pct,
        {{ required_reason }} as required_pace_reason_code,
        case when {{ pace_reason }} is null then {{ computed(schedule) }} end as schedule_value,
        case when {{ pace_reason }} is null then {{ computed(
            pace_against_schedule('part.actual_value', 'part.base_value', schedule)
        ) }} end as pace_pct,
        {{ pace_reason }} as pace_reason_code,
        cast({{ slippage('part.finished_on', 'part.planned_finish_on') }} as integer) as slip_days,
        case
            when part.finished_on is null or part.planned_finish_on is null
                then {{ reason('missing_input') }}
        end as slip_reason_code,
        {{ first_reason([
            ["part.budget_paid_amount is null or part.budget_amount is null",
                reason('missing_input')],
            ["least(part.budget_paid_amount, part.budget_amount) < 0", reason('negative_input')],
            ["part.budget_amount = 0", reason('zero_denominator')],
        ]) }} as budget_reason_code,
        case
            when least(part.budget_paid_amount, part.budget_amount) >= 0
                then {{ computed(
                    budget_execution('part.budget_paid_amount', 'part.budget_amount')
                ) }}
        end as budget_pct
    from {{ ref('int_project__input') }} as part
)

select * from final
