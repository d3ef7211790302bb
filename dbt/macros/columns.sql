{% macro columns(relation, names) -%}
    {%- for name in names -%}
        {{ relation }}.{{ name }}{{ ", " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{% macro same(left, right, names) -%}
    {%- for name in names -%}
        {{ left }}.{{ name }} = {{ right }}.{{ name }}{{ " and " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{% macro any_true_of(flags) -%}
    (
        {%- for flag in flags -%}
            coalesce({{ flag }}, false){{ " or " if not loop.last }}
        {%- endfor -%}
    )
{%- endmacro %}
