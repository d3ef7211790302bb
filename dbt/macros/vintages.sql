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

{% macro known_on(relation) -%}
    coalesce({{ relation }}.released_on, cast({{ relation }}.received_at as date))
{%- endmacro %}

{% macro latest_vintage_first(relation) -%}
    (
        partition by {{ relation }}.contract_id, {{ business_key(relation) }}
        order by {{ relation }}.is_illustrative, {{ newest_first(relation) }}
    )
{%- endmacro %}

{% macro vintages_of_one(relation) -%}
    (partition by {{ relation }}.contract_id, {{ business_key(relation) }})
{%- endmacro %}

{% macro leading_source_first(relation) -%}
    (
        partition by {{ business_key(relation) }}
        order by
            {{ relation }}.is_illustrative,
            case when {{ relation }}.value is null then 1 else 0 end,
            {{ newest_first(relation) }}
    )
{%- endmacro %}

{# what must be equal for two figures of a year to be comparable #}
{% macro method_version(relation) -%}
    {{ joined_parts([
        "nullif(" ~ relation ~ ".breakdown_key, '')",
        "'price=' || " ~ relation ~ ".price_base",
        "case when " ~ relation ~ ".period_start = " ~ relation ~ ".period_end then 'on=' || "
        ~ month_and_day(relation ~ ".period_end") ~ " end",
    ]) }}
{%- endmacro %}

{# a whole calendar year, or one day of it #}
{% macro is_of_one_year(relation) -%}
    (
        extract(year from {{ relation }}.period_start) = extract(year from {{ relation }}.period_end)
        and (
            {{ relation }}.period_start = {{ relation }}.period_end
            or (
                {{ month_and_day(relation ~ ".period_start") }} = '01-01'
                and {{ month_and_day(relation ~ ".period_end") }} = '12-31'
            )
        )
    )
{%- endmacro %}

{# equal up to what the conversion of units may add in the last digits #}
{% macro is_same_value(left, right) -%}
    coalesce(
        abs({{ left }} - {{ right }})
        <= greatest(abs({{ left }}), abs({{ right }})) * power(10, -{{ var("computed_digits") }}),
        {{ left }} is null and {{ right }} is null
    )
{%- endmacro %}

{% macro direction_of_revision(old, new) -%}
    case
        when {{ old }} is null and {{ new }} is not null then 'published'
        when {{ old }} is not null and {{ new }} is null then 'withdrawn'
        when {{ is_same_value(old, new) }} then 'status'
        when {{ new }} > {{ old }} then 'up'
        else 'down'
    end
{%- endmacro %}
