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

{% macro ordered_deviation(expression, by, form) -%}
    {{ "stddev_samp" if form == "sample" else "stddev_pop" }}({{ expression }} order by {{ by }})
{%- endmacro %}

{# between two values in proportion to the place: type 7 of Hyndman and Fan #}
{% macro quantile(expression, part) -%}
    quantile_cont({{ expression }}, {{ part }})
{%- endmacro %}

{# a sum of decimals is exact, and so the same in every order; beyond 10^20 (of values, 10^23) it fails #}
{% macro decimal_sum(expression, decimals=18) -%}
    cast(sum(cast({{ expression }} as decimal(38, {{ decimals }}))) as double)
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

{% macro days_before(date, days) -%}
    ({{ date }} - cast({{ days }} as integer))
{%- endmacro %}

{% macro years_after(date, years) -%}
    cast({{ date }} + to_years(cast({{ years }} as integer)) as date)
{%- endmacro %}
