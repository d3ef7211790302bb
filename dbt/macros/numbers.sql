{% macro computed(expression) -%}
    {#- adding 0.0 makes 0 of -0; beyond 2^53 rounding to decimals would add an error instead of taking one away -#}
    {%- set digits = var("computed_digits") | int -%}
    case
        when abs({{ expression }}) < {{ 9007199254740992 / 10 ** digits }}
            then round({{ expression }}, {{ digits }}) + 0.0
        else {{ expression }}
    end
{%- endmacro %}

{% macro ratio(numerator, denominator) -%}
    ({{ numerator }}) / nullif({{ denominator }}, 0)
{%- endmacro %}

{% macro is_known(value, reason) -%}
    ({{ value }} is not null or {{ reason }} = '{{ var("nothing_reason") }}')
{%- endmacro %}

{% macro first_reason(rules) -%}
    case
        {%- for rule in rules %}
        when {{ rule[0] }} then {{ rule[1] }}
        {%- endfor %}
    end
{%- endmacro %}

{% macro reason(code) -%}
    '{{ code }}'
{%- endmacro %}

{% macro half_of_last_digit(decimals) -%}
    0.5 * power(10, -{{ decimals }})
{%- endmacro %}
