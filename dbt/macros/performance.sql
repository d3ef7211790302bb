{# Figures of registered clusters in the form of `figures`: a cluster stands in its home region. #}

{# of a cluster and year that is reported and illustrated, the report leads #}
{% macro is_leading_world(relation, by) -%}
    rank() over (
        partition by {{ columns(relation, by) }}
        order by {{ relation }}.is_illustrative
    ) = 1
{%- endmacro %}

{# `relation` has country_code, region_code, cluster_code, year, is_illustrative and is_leading; `homes`
   is the code list of regions #}
{% macro cluster_figures(relation, name, homes, each, shared={}, where="true") -%}
    {%- set all = {
        "region_code": name ~ ".region_code",
        "country_code": name ~ ".country_code",
        "region_level": "coalesce(home.region_level, 0)",
        "peer_group": "'clusters'",
        "is_peer": "true",
        "cluster_code": name ~ ".cluster_code",
        "year": name ~ ".year",
        "period_end": "make_date(greatest(" ~ name ~ ".year, 1), 12, 31)",
        "is_illustrative": name ~ ".is_illustrative",
    } -%}
    {%- do all.update(shared) -%}
    {%- set placed = [] -%}
    {%- for figure in each -%}
        {%- set one = dict(figure) -%}
        {%- do one.update({
            "coverage": "coalesce(" ~ figure.get("coverage", shared.get(
                "coverage", "case when (" ~ figure.value ~ ") is null then 0.0 else 1.0 end"
            )) ~ ", 0.0)",
            "where": name ~ ".is_leading and " ~ where ~ " and " ~ figure.get("where", "true"),
        }) -%}
        {%- do placed.append(one) -%}
    {%- endfor -%}
    {{ figures(
        relation ~ " as " ~ name ~ " left join " ~ homes ~ " as home on "
        ~ name ~ ".region_code = home.region_code",
        all, placed
    ) }}
{%- endmacro %}

{# a measure is among those of a list of measures such as `;output;payroll;` #}
{% macro is_among(measure, measures) -%}
    contains({{ measures }}, ';{{ measure }};')
{%- endmacro %}

{# BYN_per_person #}
{% macro per_person(unit_code) -%}
    case
        when {{ unit_code }} = '{{ var("not_applicable_code") }}' then {{ unit_code }}
        else {{ unit_code }} || '_per_person'
    end
{%- endmacro %}

{# REM_N: more than a multiple of the year before is not taken for growth without a note #}
{% macro is_implausible_growth(value, previous, factor) -%}
    ({{ previous }} > 0 and {{ value }} > {{ factor }} * {{ previous }})
{%- endmacro %}
