{# What is measured of the members of a cluster, and what is computed of it. #}

{% macro cluster_measures() -%}
    {{ return([
        {'name': 'employees', 'is_money': false},
        {'name': 'remote_employees', 'is_money': false},
        {'name': 'output', 'is_money': true},
        {'name': 'value_added', 'is_money': true},
        {'name': 'sales', 'is_money': true},
        {'name': 'sales_to_members', 'is_money': true},
        {'name': 'exports', 'is_money': true},
        {'name': 'investment', 'is_money': true},
        {'name': 'rd_spend', 'is_money': true},
        {'name': 'innovative_output', 'is_money': true},
        {'name': 'taxes', 'is_money': true},
        {'name': 'payroll', 'is_money': true},
        {'name': 'patents', 'is_money': false},
        {'name': 'new_jobs', 'is_money': false},
    ]) }}
{%- endmacro %}

{# what only the cluster itself can state #}
{% macro stated_measures() -%}
    {{ return([
        'sme_share', 'joint_projects', 'trainings', 'events', 'trained_people',
        'services_delivered', 'member_contracts',
    ]) }}
{%- endmacro %}

{# PRF_PROD, PRF_WAGE, PRF_EXPSH, INN_RDINT, INN_PAT, REM_SH: times × Σ numerator / Σ denominator
   over the members that reported both #}
{% macro cluster_ratios() -%}
    {{ return([
        {
            'name': 'productivity', 'times': 1, 'is_money': true,
            'numerator': 'value_added', 'denominator': 'employees',
        },
        {
            'name': 'average_wage', 'times': 1, 'is_money': true,
            'numerator': 'payroll', 'denominator': 'employees',
        },
        {
            'name': 'export_share_pct', 'times': 100, 'is_money': true,
            'numerator': 'exports', 'denominator': 'sales',
        },
        {
            'name': 'rd_intensity_pct', 'times': 100, 'is_money': true,
            'numerator': 'rd_spend', 'denominator': 'value_added',
        },
        {
            'name': 'innovative_share_pct', 'times': 100, 'is_money': true,
            'numerator': 'innovative_output', 'denominator': 'output',
        },
        {
            'name': 'patents_per_10000_employees', 'times': 10000, 'is_money': false,
            'numerator': 'patents', 'denominator': 'employees',
        },
        {
            'name': 'remote_share_pct', 'times': 100, 'is_money': false,
            'numerator': 'remote_employees', 'denominator': 'employees',
        },
    ]) }}
{%- endmacro %}

{% macro scaled_ratio(numerator, denominator, times) -%}
    {{ computed(times ~ " * " ~ ratio(numerator, denominator)) }}
{%- endmacro %}

{# MEM_SME, MEM_XREG, REM_XREG #}
{% macro share_pct(part, whole) -%}
    {{ scaled_ratio(part, whole, 100) }}
{%- endmacro %}

{# MEM_CHURN: who came and who went, against the average of the stock at both ends of the year #}
{% macro churn_pct(joined, gone, at_start, at_end) -%}
    {{ scaled_ratio(joined ~ " + " ~ gone, "(" ~ at_start ~ " + " ~ at_end ~ ") / 2.0", 100) }}
{%- endmacro %}

{# MEM_CHURN: those who came, or those who went, by themselves #}
{% macro stock_flow_pct(flow, at_start, at_end) -%}
    {{ churn_pct(flow, "0", at_start, at_end) }}
{%- endmacro %}

{# ORG_LVL: how many of the cuts a number of confirmed parameters reaches, from 1 on #}
{% macro level_by_cuts(confirmed, cuts) -%}
    1
    {%- for cut in cuts %} + case when {{ confirmed }} >= {{ cut }} then 1 else 0 end
    {%- endfor %}
{%- endmacro %}

{# ORG_LABEL: bronze 1, silver 2, gold 3 #}
{% macro label_number(label_code) -%}
    case {{ label_code }}
        {%- for label in var("cluster_labels") %}
        when '{{ label }}' then {{ loop.index }}
        {%- endfor %}
    end
{%- endmacro %}

{# the country that a cluster's id begins with #}
{% macro country_of_cluster(cluster_id) -%}
    split_part({{ cluster_id }}, '-', 1)
{%- endmacro %}

{# the row holds on that day; both ends of its validity are inclusive. Each comparison has the row on
   one side and the day on the other: else an outer join compares every row with every day. #}
{% macro holds_on(relation, date) -%}
    {{ relation }}.valid_from <= {{ date }}
    and coalesce({{ relation }}.valid_to, cast('9999-12-31' as date)) >= {{ date }}
{%- endmacro %}

{# position in the course that a cluster takes: potential, forming, active, closed #}
{% macro stage_of_cluster(status_code) -%}
    case {{ status_code }}
        {%- for status in var("cluster_course") %}
        when '{{ status }}' then {{ loop.index }}
        {%- endfor %}
    end
{%- endmacro %}

{% macro is_whole_year(relation) -%}
    (
        {{ month_and_day(relation ~ ".value_start") }} = '01-01'
        and {{ month_and_day(relation ~ ".value_end") }} = '12-31'
        and extract(year from {{ relation }}.value_start)
        = extract(year from {{ relation }}.value_end)
    )
{%- endmacro %}

{% macro each_year(first, last) -%}
    unnest(range(cast({{ first }} as bigint), cast({{ last }} as bigint) + 1))
{%- endmacro %}

{% macro sorted_list(expression) -%}
    list(distinct {{ expression }} order by {{ expression }})
{%- endmacro %}

{# one of the columns says something else than in the row before #}
{% macro any_changed(relation, names, window) -%}
    (
        {%- for name in names %}
        {{ relation }}.{{ name }} is distinct from lag({{ relation }}.{{ name }}) over {{ window }}
        {{- " or" if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}

{# first days of periods of so many months, from the first to the last day #}
{% macro each_step(first, last, months) -%}
    unnest(cast(range({{ first }}, {{ last }} + 1, to_months({{ months }})) as date[]))
{%- endmacro %}

{% macro end_of_period(start, months) -%}
    cast({{ start }} + to_months({{ months }}) - interval 1 day as date)
{%- endmacro %}

{# 2024, 2024-H1 #}
{% macro name_of_period(start, end) -%}
    strftime({{ end }}, '%Y')
    || case
        when {{ month_and_day(start) }} = '01-01' and {{ month_and_day(end) }} = '12-31' then ''
        when {{ month_and_day(end) }} = '06-30' then '-H1'
        else '-H2'
    end
{%- endmacro %}

{# sum of printed figures in exact decimals: the same in any order, and cheaper than in a stated one #}
{% macro exact_sum(expression) -%}
    cast(sum(cast({{ expression }} as decimal(38, 6))) as double)
{%- endmacro %}
