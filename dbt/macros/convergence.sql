{# Slope of the least-squares line of y on x over a group; NULL when x does not vary. #}
{% macro slope(x, y, x_mean, y_mean, by) -%}
    {{ ratio(
        ordered_sum("(" ~ x ~ " - " ~ x_mean ~ ") * (" ~ y ~ " - " ~ y_mean ~ ")", by),
        ordered_sum("power(" ~ x ~ " - " ~ x_mean ~ ", 2)", by)
    ) }}
{%- endmacro %}

{% macro annualised_log_growth(first_value, last_value, years) -%}
    {{ ratio(
        "ln(nullif(greatest(" ~ last_value ~ ", 0), 0) / nullif(greatest(" ~ first_value ~ ", 0), 0))",
        years
    ) }}
{%- endmacro %}

{# beta belongs to growth per year, so the years enter here once, and only here #}
{% macro convergence_speed(beta, years) -%}
    -ln(nullif(greatest(1 + {{ beta }} * {{ years }}, 0), 0)) / {{ years }}
{%- endmacro %}

{% macro half_life(speed) -%}
    case when {{ speed }} > 0 then ln(2) / nullif({{ speed }}, 0) end
{%- endmacro %}
