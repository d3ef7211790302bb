{% macro relative_change(value, previous) -%}
    case when {{ previous }} > 0 then {{ ratio(value, previous) }} - 1 end
{%- endmacro %}

{% macro absolute_change(value, previous) -%}
    {{ value }} - {{ previous }}
{%- endmacro %}

{% macro changes_in_points(unit_kind) -%}
    {{ unit_kind }} in ('per_cent', 'percentage_points', 'index')
{%- endmacro %}

{% macro changes_in_own_unit(unit_kind) -%}
    {{ unit_kind }} in ('ratio', 'score', 'rank', 'duration')
{%- endmacro %}

{% macro compound_growth(value, base_value, years) -%}
    case
        when {{ base_value }} > 0 and {{ value }} >= 0 and {{ years }} > 0
            then power({{ ratio(value, base_value) }}, 1.0 / {{ years }}) - 1
    end
{%- endmacro %}

{% macro contribution(change, total_change) -%}
    {{ ratio(change, total_change) }}
{%- endmacro %}

{% macro deflated(value, deflator) -%}
    {{ value }} / coalesce({{ deflator }}, 1)
{%- endmacro %}

{# τ-b of all pairs: `agreement` is 1, −1 or 0 for a tie, `is_tied` says in which year #}
{% macro kendall_tau_b(agreement_sum, pair_count, base_ties, ties) -%}
    {{ ratio(
        agreement_sum,
        "sqrt(cast(" ~ pair_count ~ " - " ~ base_ties ~ " as double) * ("
        ~ pair_count ~ " - " ~ ties ~ "))"
    ) }}
{%- endmacro %}

{# what a change is measured against, how it was carried over a break and at which prices #}
{% macro compared_with(change) -%}
    {{ comparison_said(change) }}
    || case when {{ change }}.is_bridged then ';bridge=weighted' else '' end
    || case when {{ change }}.is_deflated then ';prices=base_year' else '' end
{%- endmacro %}

{% macro comparison_said(change) -%}
    case
        when {{ change }}.comparison = 'previous_year' then 'against=previous_year'
        else 'since=' || {{ change }}.base_year
    end
{%- endmacro %}
