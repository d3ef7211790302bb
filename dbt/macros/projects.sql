{# Projects: plan, forecast and actual side by side. Each formula once. #}

{# a value of a code list; tests hold the columns that it is compared with to the same list #}
{% macro code(dimension, value) -%}
    '{{ value }}'
{%- endmacro %}

{% macro execution_rate(actual, plan, direction) -%}
    100 * case
        when {{ direction }} = 'down' then {{ ratio(plan, actual) }}
        else {{ ratio(actual, plan) }}
    end
{%- endmacro %}

{% macro required_pace(target, base, years) -%}
    case
        when {{ target }} >= 0 and {{ base }} > 0 and {{ years }} > 0
            then 100 * (power({{ ratio(target, base) }}, 1.0 / ({{ years }})) - 1)
    end
{%- endmacro %}

{# what a straight line from the base to the target says of a year; after the target year it stays #}
{% macro linear_schedule(base, target, base_year, target_year, year) -%}
    {{ base }} + ({{ target }} - {{ base }}) * least(
        1.0, {{ ratio(year ~ " - " ~ base_year, target_year ~ " - " ~ base_year) }}
    )
{%- endmacro %}

{% macro pace_against_schedule(actual, base, schedule) -%}
    100 * {{ ratio(actual ~ " - " ~ base, schedule ~ " - " ~ base) }}
{%- endmacro %}

{% macro forecast_error(actual, forecast) -%}
    100 * {{ ratio(actual ~ " - " ~ forecast, forecast) }}
{%- endmacro %}

{# why two stated values must not be compared: one is missing, another unit, other boundaries;
   then what else may stand in the way. `mark` stands between the name and its attribute. #}
{% macro comparison_reason(left, right, further=[], mark=".") -%}
    {%- set one = left ~ mark -%}
    {%- set two = right ~ mark -%}
    {{ first_reason([
        [one ~ "value is null", "coalesce(" ~ one ~ "reason_code, " ~ reason("missing_input") ~ ")"],
        [two ~ "value is null", "coalesce(" ~ two ~ "reason_code, " ~ reason("missing_input") ~ ")"],
        [one ~ "unit_code <> " ~ two ~ "unit_code", reason("unit_break")],
        [one ~ "territory_version <> " ~ two ~ "territory_version", reason("boundary_break")],
    ] + further) }}
{%- endmacro %}

{# PRJ_DEV in per cent of the plan #}
{% macro relative_deviation(actual, plan) -%}
    100 * ({{ ratio(actual, plan) }} - 1)
{%- endmacro %}

{# PRJ_BUD #}
{% macro budget_execution(paid, budget) -%}
    100 * {{ ratio(paid, budget) }}
{%- endmacro %}

{# PRJ_SLIP in days; negative when it came early #}
{% macro slippage(finished_on, planned_finish_on) -%}
    {{ finished_on }} - {{ planned_finish_on }}
{%- endmacro %}

{# the day that stated boundaries are looked at: of a year its end, of a day itself, else none #}
{% macro day_of_boundaries(text) -%}
    try_cast(case
        when regexp_full_match({{ text }}, '[12][0-9]{3}') then {{ text }} || '-12-31'
        else {{ text }}
    end as date)
{%- endmacro %}
