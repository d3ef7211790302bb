{# Networks of members: undirected, without links of a member to itself. Each formula once. #}

{% macro density(links, nodes) -%}
    {{ ratio("2.0 * " ~ links, nodes ~ " * (" ~ nodes ~ " - 1)") }}
{%- endmacro %}

{% macro mean_degree(links, nodes) -%}
    {{ ratio("2.0 * " ~ links, nodes) }}
{%- endmacro %}

{% macro normalised_degree(degree, nodes) -%}
    {{ ratio("1.0 * " ~ degree, nodes ~ " - 1") }}
{%- endmacro %}

{# sum of (largest degree - degree) over (N - 1)(N - 2) #}
{% macro degree_centralisation(largest_degree, degree_sum, nodes) -%}
    {{ ratio(
        "1.0 * " ~ nodes ~ " * " ~ largest_degree ~ " - " ~ degree_sum,
        "(" ~ nodes ~ " - 1) * (" ~ nodes ~ " - 2)"
    ) }}
{%- endmacro %}

{# in force on some day of the year; the last day counts #}
{% macro is_in_force(relation, year) -%}
    (
        {{ relation }}.valid_from <= make_date({{ year }}, 12, 31)
        and ({{ relation }}.valid_to is null or {{ relation }}.valid_to >= make_date({{ year }}, 1, 1))
    )
{%- endmacro %}

{# forms ask for amounts of money in thousands #}
{% macro of_thousands(amount) -%}
    {{ amount }} * 1000
{%- endmacro %}

{% macro each_item(list) -%}
    unnest({{ list }})
{%- endmacro %}
