{% macro relative_change(value, previous) -%}
    case when {{ previous }} > 0 then {{ ratio(value, previous) }} - 1 end
{%- endmacro %}

{% macro absolute_change(value, previous) -%}
    {{ value }} - {{ previous }}
{%- endmacro %}

{% macro changes_in_points(unit_kind) -%}
    {{ unit_kind }} in ('per_cent', 'percentage_points', 'index')
{%- endmacro %}

{% macro changes_in_own_unit(unit_kind) -%}
    {{ unit_kind }} = 'ratio'
{%- endmacro %}
