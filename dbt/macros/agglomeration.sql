{# c share of a region in an activity, w in all of them; z share of a plant in the activity.
   `w2`, `w3` and `z4` are sums of those powers, `h` is the Herfindahl index of the plants. #}

{% macro power_sum(share, exponent, by) -%}
    {{ ordered_sum("power(" ~ share ~ ", " ~ exponent ~ ")", by) }}
{%- endmacro %}

{% macro raw_concentration(share, base_share, by) -%}
    {{ ordered_sum("power(" ~ share ~ " - " ~ base_share ~ ", 2)", by) }}
{%- endmacro %}

{% macro ellison_glaeser(g, h, w2) -%}
    {{ ratio(g ~ " - (1 - " ~ w2 ~ ") * " ~ h, "(1 - " ~ w2 ~ ") * (1 - " ~ h ~ ")") }}
{%- endmacro %}

{% macro ellison_glaeser_variance(h, z4, w2, w3) -%}
    2 * (
        power({{ h }}, 2) * ({{ w2 }} - 2 * {{ w3 }} + power({{ w2 }}, 2))
        - {{ z4 }} * ({{ w2 }} - 4 * {{ w3 }} + 3 * power({{ w2 }}, 2))
    )
{%- endmacro %}

{% macro ellison_glaeser_z(g, h, w2, variance) -%}
    {{ ratio(
        g ~ " - (1 - " ~ w2 ~ ") * " ~ h,
        "case when " ~ variance ~ " > 0 then sqrt(" ~ variance ~ ") end"
    ) }}
{%- endmacro %}

{% macro coagglomeration(group_g, weighted_g, w2, weight_sum) -%}
    {{ ratio(group_g ~ " - " ~ weighted_g, "(1 - " ~ w2 ~ ") * (1 - " ~ weight_sum ~ ")") }}
{%- endmacro %}
