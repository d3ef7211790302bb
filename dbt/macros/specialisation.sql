{% macro focus_share(value, region_total) -%}
    {{ ratio(value, region_total) }}
{%- endmacro %}

{% macro size_share(value, activity_total) -%}
    {{ ratio(value, activity_total) }}
{%- endmacro %}

{% macro location_quotient(value, region_total, activity_total, reference_total) -%}
    {{ ratio(
        focus_share(value, region_total),
        focus_share(activity_total, reference_total)
    ) }}
{%- endmacro %}

{% macro krugman_index(share, base_share, by) -%}
    {{ ordered_sum("abs(" ~ share ~ " - " ~ base_share ~ ")", by) }}
{%- endmacro %}

{% macro hoover_specialisation(share, base_share, by) -%}
    {{ ordered_sum("abs(" ~ share ~ " - " ~ base_share ~ ")", by) }} / 2
{%- endmacro %}

{% macro herfindahl(share, by) -%}
    {{ ordered_sum("power(" ~ share ~ ", 2)", by) }}
{%- endmacro %}

{% macro herfindahl_normalised(herfindahl, members) -%}
    {{ ratio(herfindahl ~ " - 1.0 / " ~ members, "1 - 1.0 / " ~ members) }}
{%- endmacro %}

{% macro equivalent_number(herfindahl) -%}
    {{ ratio("1.0", herfindahl) }}
{%- endmacro %}

{% macro shannon_entropy_bits(share, by) -%}
    {{ ordered_sum(
        "case when " ~ share ~ " = 0 then 0 else -"
        ~ share ~ " * ln(nullif(" ~ share ~ ", 0)) / ln(2) end",
        by
    ) }}
{%- endmacro %}

{% macro mean_location_quotient(share, base_share, by) -%}
    {{ ordered_sum(share ~ " * " ~ share ~ " / nullif(" ~ base_share ~ ", 0)", by) }}
{%- endmacro %}

{% macro hachman_index(share, base_share, by) -%}
    {{ ratio("1.0", mean_location_quotient(share, base_share, by)) }}
{%- endmacro %}
