{# Shares, densities and counts of the whole economy of a region: times × part / whole. #}

{% macro times_ratio(times, part, whole) -%}
    {{ times }} * {{ ratio(part, whole) }}
{%- endmacro %}

{# a share falls while the count grows, or the other way round #}
{% macro directions_disagree(share, previous_share, count, previous_count) -%}
    coalesce(
        ({{ share }} - {{ previous_share }}) * ({{ count }} - {{ previous_count }}) < 0, false
    )
{%- endmacro %}
