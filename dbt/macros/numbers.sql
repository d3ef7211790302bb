{% macro computed(expression) -%}
    round({{ expression }}, {{ var("computed_digits") }})
{%- endmacro %}

{% macro ratio(numerator, denominator) -%}
    ({{ numerator }}) / nullif({{ denominator }}, 0)
{%- endmacro %}

{% macro first_reason(rules) -%}
    case
        {%- for rule in rules %}
        when {{ rule[0] }} then {{ rule[1] }}
        {%- endfor %}
    end
{%- endmacro %}

{% macro reason(name) -%}
    '{{ var("computed_reasons")[name] }}'
{%- endmacro %}
