{# What the figures of a panel are worth. Sums over doubles run in the order `by`. #}

{% macro completeness(present, expected) -%}
    {{ ratio("cast(" ~ present ~ " as double)", expected) }}
{%- endmacro %}

{% macro days_after(published_on, period_end) -%}
    ({{ published_on }} - {{ period_end }})
{%- endmacro %}

{% macro imputed_share_of_sum(value, obs_status, by) -%}
    {{ ratio(
        ordered_sum(
            "case when " ~ is_imputed(obs_status) ~ " then abs(" ~ value ~ ") else 0.0 end", by
        ),
        ordered_sum("abs(" ~ value ~ ")", by)
    ) }}
{%- endmacro %}

{% macro suppressed_share_of_cells(value, conf_status, expected) -%}
    {{ ratio(
        "cast(count(case when " ~ is_suppressed(value, conf_status) ~ " then 1 end) as double)",
        expected
    ) }}
{%- endmacro %}

{% macro reconciliation_gap(sum_of_parts, total) -%}
    {{ ratio("abs(" ~ sum_of_parts ~ " - " ~ total ~ ")", "abs(" ~ total ~ ")") }}
{%- endmacro %}

{# A printed value stands for all that round to it. The margin of 1e-9 is that of binary fractions. #}
{% macro gap_beyond_rounding(recomputed, printed, rounding) -%}
    case
        when
            abs({{ recomputed }} - {{ printed }})
            <= {{ rounding }} + 1e-9 * greatest(abs({{ recomputed }}), abs({{ printed }}))
            then 0.0
        else {{ ratio(
            "abs(" ~ recomputed ~ " - " ~ printed ~ ") - " ~ rounding, "abs(" ~ printed ~ ")"
        ) }}
    end
{%- endmacro %}

{# What one missing part may be, when the total is rounded and the other parts are known. #}
{% macro admissible_part(total, sum_of_others, rounding, sign) -%}
    {{ total }} {{ sign }} {{ rounding }} - {{ sum_of_others }}
{%- endmacro %}

{% macro revision_size(change, first_value) -%}
    {{ ratio(change, first_value) }}
{%- endmacro %}

{% macro cross_gap(factor, base, product, times) -%}
    {{ ratio(
        "abs(" ~ factor ~ " * " ~ base ~ " * " ~ times ~ " - " ~ product ~ ")",
        "abs(" ~ product ~ ")"
    ) }}
{%- endmacro %}

{% macro directions_disagree(factor_change, product_change) -%}
    case
        when sign({{ factor_change }}) * sign({{ product_change }}) is null then null
        when sign({{ factor_change }}) * sign({{ product_change }}) < 0 then 1.0
        else 0.0
    end
{%- endmacro %}

{% macro quality_method(quality) -%}
    'peers=' || {{ quality }}.peer_group
    || ';cells=' || {{ quality }}.cells_kind
    || ';unit=' || {{ quality }}.unit_code
    || ';of=' || {{ quality }}.method_version
{%- endmacro %}

{% macro crosscheck_method(rule) -%}
    'share=' || {{ rule }}.factor_code || ';whole=' || {{ rule }}.base_code
{%- endmacro %}
