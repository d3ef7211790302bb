{# Rows of filled-in forms: what they have in common, and which of them count. #}

{% macro form_row(relation) -%}
    cast({{ relation }}.row_id as varchar) as row_id,
    cast({{ relation }}.file_id as varchar) as file_id,
    cast({{ relation }}.contract_id as varchar) as contract_id,
    cast({{ relation }}.contract_version as varchar) as contract_version,
    cast({{ relation }}.reporter_id as varchar) as reporter_id,
    cast({{ relation }}.report_start as date) as report_start,
    cast({{ relation }}.report_end as date) as report_end,
    cast({{ relation }}.is_illustrative as boolean) as is_illustrative,
    cast({{ relation }}.received_at as timestamp with time zone) as received_at,
    cast({{ relation }}.table_name as varchar) as table_name,
    cast({{ relation }}.cell as varchar) as cell,
    cast({{ relation }}.cells as {{ text_map_type() }}) as cells,
    cast({{ relation }}.printed as {{ text_map_type() }}) as printed
{%- endmacro %}

{% macro form_value(relation) -%}
    cast({{ relation }}.indicator_code as varchar) as indicator_code,
    cast({{ relation }}.value_start as date) as value_start,
    cast({{ relation }}.value_end as date) as value_end,
    cast({{ relation }}.value_printed as varchar) as value_printed,
    cast({{ relation }}.value as double) as value,
    cast({{ relation }}.value_digits as tinyint) as value_digits,
    cast({{ relation }}.unit_code as varchar) as unit_code,
    cast({{ relation }}.multiplier as double) as multiplier,
    cast({{ relation }}.currency_code as varchar) as currency_code,
    cast({{ relation }}.obs_status as varchar) as obs_status,
    cast({{ relation }}.conf_status as varchar) as conf_status,
    cast({{ relation }}.reason_code as varchar) as reason_code,
    cast({{ relation }}.note as varchar) as note
{%- endmacro %}

{# total order of what several reports say of the same: what speaks of the later period, then what
   came in later, down to the cell; a register speaks of no period #}
{% macro latest_report_first(relation) -%}
    {{ relation }}.report_end desc nulls last,
    {{ relation }}.received_at desc,
    {{ relation }}.file_id desc,
    {{ relation }}.table_name,
    {{ relation }}.cell,
    {{ relation }}.row_id
{%- endmacro %}

{% macro current_rows(relation, key) -%}
    (
        select part.*
        from {{ relation }} as part
        inner join {{ ref('int_submission__current') }} as submission
            on part.file_id = submission.file_id
        qualify row_number() over (
            partition by part.is_illustrative, {{ columns('part', key) }}
            order by {{ latest_report_first('part') }}
        ) = 1
    )
{%- endmacro %}

{# types that only DuckDB spells this way #}
{% macro text_list_type() -%}
    varchar[]
{%- endmacro %}

{% macro text_map_type() -%}
    map(varchar, varchar)
{%- endmacro %}
