{# What only DuckDB says this way. Another engine needs these macros again, and no model. #}


{% macro breakdown_key(breakdown) -%}
    coalesce(array_to_string(list_sort(list_transform(
        list_filter(
            map_entries({{ breakdown }}),
            lambda entry: entry.value <> '{{ var("total_code") }}'
        ),
        lambda entry: entry.key || '=' || entry.value
    )), ';'), '')
{%- endmacro %}

{% macro each_part(text) -%}
    unnest(string_split({{ text }}, ';'))
{%- endmacro %}

{% macro ordered_sum(expression, by) -%}
    sum({{ expression }} order by {{ by }})
{%- endmacro %}

{% macro joined_text(expression, by, separator=", ") -%}
    string_agg({{ expression }}, '{{ separator }}' order by {{ by }})
{%- endmacro %}

{% macro any_true(condition) -%}
    coalesce(bool_or({{ condition }}), false)
{%- endmacro %}

{% macro all_true(condition) -%}
    coalesce(bool_and({{ condition }}), false)
{%- endmacro %}

{% macro month_and_day(date) -%}
    strftime({{ date }}, '%m-%d')
{%- endmacro %}

{% macro joined_parts(parts) -%}
    coalesce(nullif(concat_ws(';', {{ parts | join(", ") }}), ''), '{{ var("not_applicable_code") }}')
{%- endmacro %}

{% macro breakdown_type() -%}
    map(varchar, varchar)
{%- endmacro %}

{% macro a_year_after(date) -%}
    {{ date }} + interval 1 year
{%- endmacro %}

{# a relation without the name of its database: a view that says so holds under any file name #}
{% macro in_file(relation) -%}
    {{ relation.include(database=false) if relation.include is defined else relation }}
{%- endmacro %}
