{# Shares, densities and counts of the whole economy of a region: times × part / whole. #}

{% macro times_ratio(times, part, whole) -%}
    {{ times }} * {{ ratio(part, whole) }}
{%- endmacro %}
