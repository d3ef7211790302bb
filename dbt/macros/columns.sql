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

{# a list that nobody has decided on leaves the answer open #}
{% macro is_one_of(expression, names) -%}
    {%- if names is none -%}
        cast(null as boolean)
    {%- elif names | length == 0 -%}
        false
    {%- else -%}
        ({{ expression }} in ('{{ names | join("', '") }}'))
    {%- endif -%}
{%- endmacro %}

{# texts as SQL literals, for `in (…)` #}
{% macro literals(texts) -%}
    '{{ texts | join("', '") }}'
{%- endmacro %}
