{# Weight share p = w / sum(w); relative value r = y / mean(y), the mean weighted with p.
   Equal weights give the unweighted measure, population weights the weighted one. #}

{% macro coefficient_of_variation(p, r, by) -%}
    sqrt({{ ordered_sum(p ~ " * power(" ~ r ~ " - 1, 2)", by) }})
{%- endmacro %}

{% macro sample_correction(members) -%}
    sqrt({{ ratio(members, members ~ " - 1") }})
{%- endmacro %}

{% macro theil_t(p, r, by) -%}
    {{ ordered_sum(
        "case when " ~ r ~ " = 0 then 0 else "
        ~ p ~ " * " ~ r ~ " * ln(nullif(greatest(" ~ r ~ ", 0), 0)) end",
        by
    ) }}
{%- endmacro %}

{% macro theil_l(p, r, by) -%}
    case
        when min({{ r }}) > 0
            then {{ ordered_sum("-" ~ p ~ " * ln(nullif(greatest(" ~ r ~ ", 0), 0))", by) }}
    end
{%- endmacro %}

{% macro gini(p, r, cumulative_p, by) -%}
    {{ decimal_sum(p ~ " * " ~ r ~ " * (2 * " ~ cumulative_p ~ " - " ~ p ~ ")") }} - 1
{%- endmacro %}

{% macro hoover(p, r, by) -%}
    {{ ordered_sum("abs(" ~ p ~ " * " ~ r ~ " - " ~ p ~ ")", by) }} / 2
{%- endmacro %}

{% macro coulter(p, r, by) -%}
    sqrt({{ ordered_sum("power(" ~ p ~ " * " ~ r ~ " - " ~ p ~ ", 2)", by) }} / 2)
{%- endmacro %}

{% macro logarithmic_deviation(p, r, by) -%}
    {%- set logarithm = "ln(nullif(greatest(" ~ r ~ ", 0), 0))" -%}
    case
        when min({{ r }}) > 0
            then sqrt(greatest(
                {{ ordered_sum(p ~ " * power(" ~ logarithm ~ ", 2)", by) }}
                - power({{ ordered_sum(p ~ " * " ~ logarithm, by) }}, 2),
                0
            ))
    end
{%- endmacro %}

{# 1 less the equally distributed equivalent over the mean; the aversion to inequality is explicit #}
{% macro atkinson(p, r, aversion, by) -%}
    {%- set epsilon = aversion | float -%}
    {%- if epsilon == 1 -%}
    case
        when min({{ r }}) > 0
            then 1 - exp({{ ordered_sum(p ~ " * ln(nullif(greatest(" ~ r ~ ", 0), 0))", by) }})
    end
    {%- elif epsilon < 1 -%}
    1 - power(
        {{ ordered_sum(p ~ " * power(greatest(" ~ r ~ ", 0), " ~ (1 - epsilon) ~ ")", by) }},
        {{ 1 / (1 - epsilon) }}
    )
    {%- else -%}
    case
        when min({{ r }}) > 0
            then 1 - power(
                {{ ordered_sum(
                    p ~ " * power(nullif(greatest(" ~ r ~ ", 0), 0), " ~ (1 - epsilon) ~ ")", by
                ) }},
                {{ 1 / (1 - epsilon) }}
            )
    end
    {%- endif -%}
{%- endmacro %}

{% macro max_min_ratio(r) -%}
    case when min({{ r }}) > 0 then max({{ r }}) / nullif(min({{ r }}), 0) end
{%- endmacro %}

{% macro theil_within(p, r, group_r, by) -%}
    {{ ordered_sum(
        "case when " ~ r ~ " = 0 then 0 else " ~ p ~ " * " ~ r
        ~ " * ln(nullif(greatest(" ~ ratio(r, group_r) ~ ", 0), 0)) end",
        by
    ) }}
{%- endmacro %}

{# between which regions, of which quantity, how weighted: the method of a figure begins with it #}
{% macro disparity_method(panel) -%}
    'peers=' || {{ panel }}.peer_group
    || ';of=' || {{ panel }}.quantity_kind
    || ';weights=' || {{ panel }}.weighting
{%- endmacro %}

{% macro panel_method(method_version) -%}
    split_part({{ method_version }}, ';form=', 1)
{%- endmacro %}
