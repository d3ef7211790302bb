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

{# the bridge leads from the territory of the earlier day to the one of the later day #}
{% macro bridges(bridge, base_date, date) -%}
    {{ bridge }}.oldest_event_on > {{ base_date }}
    and {{ bridge }}.newest_event_on <= {{ date }}
    and coalesce({{ bridge }}.next_event_on, cast('9999-12-31' as date)) > {{ date }}
    and coalesce({{ bridge }}.earlier_event_on, cast('0001-01-01' as date)) <= {{ base_date }}
{%- endmacro %}

{# two days with another last change of boundaries before them #}
{% macro is_other_territory(event_on, base_event_on) -%}
    coalesce(cast({{ event_on }} as varchar), '') <> coalesce(cast({{ base_event_on }} as varchar), '')
{%- endmacro %}
