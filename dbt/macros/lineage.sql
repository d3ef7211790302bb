{% macro figure_key() -%}
    {{ return([
        'indicator_code', 'region_code', 'cluster_code', 'activity_classifier', 'activity_code',
        'year', 'base_indicator_code', 'method_version', 'unit_code',
    ]) }}
{%- endmacro %}

{# the part of a method before a word of it #}
{% macro method_before(method_version, word) -%}
    split_part({{ method_version }}, ';{{ word }}=', 1)
{%- endmacro %}
