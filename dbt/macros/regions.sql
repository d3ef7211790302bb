{% macro is_valid_on(region, date) -%}
    ({{ region }}.valid_from is null or {{ region }}.valid_from <= {{ date }})
    and ({{ region }}.valid_to is null or {{ region }}.valid_to >= {{ date }})
{%- endmacro %}

{% macro is_peer(region, date) -%}
    {{ region }}.region_level > 0
    and not {{ region }}.is_residual
    and {{ is_valid_on(region, date) }}
{%- endmacro %}

{% macro peer_group(region) -%}
    case when {{ region }}.region_type in ('nuts1', 'nuts2') then 'nuts-' else 'national-' end
    || {{ region }}.region_level
{%- endmacro %}
