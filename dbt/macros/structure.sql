{# Formulas over shares that make a whole. #}

{% macro relative_diversity(krugman) -%}
    {{ ratio("1.0", krugman) }}
{%- endmacro %}

{% macro shannon_entropy(share, by) -%}
    {{ decimal_sum(
        "case when " ~ share ~ " = 0 then 0 else -"
        ~ share ~ " * ln(nullif(greatest(" ~ share ~ ", 0), 0)) end"
    ) }}
{%- endmacro %}

{% macro mean_of_others(share, share_sum, share_count) -%}
    {{ ratio(share_sum ~ " - " ~ share, share_count ~ " - 1") }}
{%- endmacro %}

{% macro strength_share(strong_value, traded_value) -%}
    {{ ratio(strong_value, traded_value) }}
{%- endmacro %}

{# a rest that is spread over several unknown shares, evenly or all in one #}
{% macro herfindahl_lower_bound(known_herfindahl, rest, unknown_count) -%}
    {{ known_herfindahl }} + {{ ratio("power(" ~ rest ~ ", 2)", unknown_count) }}
{%- endmacro %}

{% macro herfindahl_upper_bound(known_herfindahl, rest) -%}
    {{ known_herfindahl }} + power({{ rest }}, 2)
{%- endmacro %}

{# the method of a base measure, and what the figure adds to it #}
{% macro added_method(method_version, said) -%}
    case
        when coalesce({{ method_version }}, '{{ var("not_applicable_code") }}')
            = '{{ var("not_applicable_code") }}'
            then {{ said }}
        else {{ method_version }} || ';' || {{ said }}
    end
{%- endmacro %}

{% macro half_scale(gini) -%}
    {{ gini }} / 2
{%- endmacro %}
