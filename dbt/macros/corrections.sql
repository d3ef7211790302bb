{# Statuses of correction records. In a computed figure the status is the worst of its inputs:
   `confirmed` goes before `proposed` in the alphabet, so the worst is the greatest. #}

{% macro input_value(value, corrected, status) -%}
    case
        when {{ status }} = 'proposed' then null
        when {{ status }} = 'confirmed' then {{ corrected }}
        else {{ value }}
    end
{%- endmacro %}

{% macro input_correction(status) -%}
    case when {{ status }} <> 'rejected' then {{ status }} end
{%- endmacro %}

{% macro is_pending(correction) -%}
    {{ correction }} = 'proposed'
{%- endmacro %}

{% macro has_correction(status) -%}
    coalesce({{ status }} in ('proposed', 'confirmed'), false)
{%- endmacro %}

{# greatest() of DuckDB and PostgreSQL passes over NULL #}
{% macro worst_correction(corrections) -%}
    greatest({{ corrections | join(", ") }})
{%- endmacro %}
