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
   then what else may stand in the way #}
{% macro comparison_reason(left, right, further=[]) -%}
    {{ first_reason([
        [left ~ ".value is null", "coalesce(" ~ left ~ ".reason_code, " ~ reason("missing_input") ~ ")"],
        [right ~ ".value is null", "coalesce(" ~ right ~ ".reason_code, " ~ reason("missing_input") ~ ")"],
        [left ~ ".unit_code <> " ~ right ~ ".unit_code", reason("unit_break")],
        [left ~ ".territory_version <> " ~ right ~ ".territory_version", reason("boundary_break")],
    ] + further) }}
{%- endmacro %}

{# the day that stated boundaries are looked at: of a year its end, of a day itself, else none #}
{% macro day_of_boundaries(text) -%}
    try_cast(case
        when regexp_full_match({{ text }}, '[12][0-9]{3}') then {{ text }} || '-12-31'
        else {{ text }}
    end as date)
{%- endmacro %}
