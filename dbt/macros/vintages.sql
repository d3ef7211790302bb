{% macro business_key(relation) -%}
    {%- set columns = [
        "indicator_code", "region_code", "activity_classifier", "activity_code", "breakdown_key",
        "period_start", "period_end", "unit_code", "price_base",
    ] -%}
    {%- for column in columns -%}
        {{ relation }}.{{ column }}{{ ", " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{% macro newest_first(relation) -%}
    {{ relation }}.released_on desc nulls last,
    {{ relation }}.received_at desc,
    {{ relation }}.file_id desc,
    {{ relation }}.table_name,
    {{ relation }}.cell,
    {{ relation }}.observation_id
{%- endmacro %}
