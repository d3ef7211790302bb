{% macro focus_share(value, region_total) -%}
    {{ ratio(value, region_total) }}
{%- endmacro %}

{% macro size_share(value, activity_total) -%}
    {{ ratio(value, activity_total) }}
{%- endmacro %}

{# a part that contradicts its whole: larger by more than rounding #}
{% macro exceeds_whole(part, whole) -%}
    {{ part }} > {{ whole }} * (1 + {{ var("whole_tolerance") }})
{%- endmacro %}

{# a share that is beyond 1 by rounding is 1 #}
{% macro within_whole(share) -%}
    case when {{ share }} > 1 then 1.0 else {{ share }} end
{%- endmacro %}

{% macro location_quotient(value, region_total, activity_total, reference_total) -%}
    {{ ratio(
        focus_share(value, region_total),
        focus_share(activity_total, reference_total)
    ) }}
{%- endmacro %}

{% macro location_quotient_of_rest(value, region_total, activity_total, reference_total) -%}
    {{ ratio(
        focus_share(value, region_total),
        focus_share(activity_total ~ " - " ~ value, reference_total ~ " - " ~ region_total)
    ) }}
{%- endmacro %}

{% macro share_gap(focus_share, base_share) -%}
    {{ focus_share }} - {{ base_share }}
{%- endmacro %}

{% macro symmetric_quotient(quotient) -%}
    {{ ratio(quotient ~ " - 1", quotient ~ " + 1") }}
{%- endmacro %}

{% macro standardised(value, mean, deviation) -%}
    {{ ratio(value ~ " - " ~ mean, deviation) }}
{%- endmacro %}

{# from the shares of the region in the activity and in all: with the quotient above, a check #}
{% macro localisation_coefficient(value, region_total, activity_total, reference_total) -%}
    {{ ratio(
        size_share(value, activity_total),
        size_share(region_total, reference_total)
    ) }}
{%- endmacro %}

{% macro per_head_coefficient(value, activity_total, population, population_total) -%}
    {{ ratio(
        size_share(value, activity_total),
        size_share(population, population_total)
    ) }}
{%- endmacro %}

{% macro development_coefficient(output, consumption) -%}
    {{ ratio(output, consumption) }}
{%- endmacro %}

{% macro marketability_coefficient(outflow, output) -%}
    {{ ratio(outflow, output) }}
{%- endmacro %}

{% macro efficiency_coefficient(output, cost) -%}
    {{ ratio(output, cost) }}
{%- endmacro %}

{% macro mean_size(value, establishments) -%}
    {{ ratio(value, establishments) }}
{%- endmacro %}

{# density in space × density among people, over relative size of establishments #}
{% macro cluster_index(cell) -%}
    {{ ratio(
        "(" ~ ratio(
            ratio(cell ~ ".value", cell ~ ".area"),
            ratio(cell ~ ".activity_total", cell ~ ".area_total")
        ) ~ ") * (" ~ ratio(
            ratio(cell ~ ".value", cell ~ ".population"),
            ratio(cell ~ ".activity_total", cell ~ ".population_total")
        ) ~ ")",
        ratio(
            mean_size(cell ~ ".value", cell ~ ".establishments"),
            mean_size(cell ~ ".activity_total", cell ~ ".establishments_total")
        )
    ) }}
{%- endmacro %}

{# what a withheld cell can be at most, by a margin: what the margin leaves when the other withheld
   cells of its line take the least they can. A margin over one withheld cell would give it away. #}
{% macro margin_high(margin, known, withheld_low, low, withheld_count) -%}
    case
        when {{ withheld_count }} > 1
            then greatest({{ margin }} - {{ known }} - ({{ withheld_low }} - {{ low }}), 0)
    end
{%- endmacro %}

{# an interval so narrow that it gives the withheld figure away #}
{% macro is_revealing(low, high) -%}
    {{ low }} >= (1 - {{ var("least_interval_width") }}) * {{ high }}
{%- endmacro %}

{% macro krugman_index(share, base_share, by) -%}
    {{ decimal_sum("abs(" ~ share ~ " - " ~ base_share ~ ")") }}
{%- endmacro %}

{% macro hoover_specialisation(share, base_share, by) -%}
    {{ decimal_sum("abs(" ~ share ~ " - " ~ base_share ~ ")") }} / 2
{%- endmacro %}

{% macro herfindahl(share, by) -%}
    {{ decimal_sum("power(" ~ share ~ ", 2)") }}
{%- endmacro %}

{% macro herfindahl_normalised(herfindahl, members) -%}
    {{ ratio(herfindahl ~ " - 1.0 / " ~ members, "1 - 1.0 / " ~ members) }}
{%- endmacro %}

{% macro equivalent_number(herfindahl) -%}
    {{ ratio("1.0", herfindahl) }}
{%- endmacro %}

{% macro mean_location_quotient(share, base_share, by) -%}
    {{ decimal_sum(share ~ " * " ~ share ~ " / nullif(" ~ base_share ~ ", 0)") }}
{%- endmacro %}

{# the square and the sum are 1 but for the rounding of shares, which would lead beyond 1 #}
{% macro hachman_index(share, base_share, by) -%}
    {%- set known = "case when " ~ base_share ~ " > 0 then " -%}
    {{ ratio(
        "power(" ~ decimal_sum(known ~ share ~ " end") ~ ", 2)",
        decimal_sum(known ~ base_share ~ " end")
        ~ " * (" ~ mean_location_quotient(share, base_share, by) ~ ")",
    ) }}
{%- endmacro %}

{# which of the bases of specialisation a measure is, by the variable `base_kinds` #}
{% macro base_kind(indicator) -%}
    case
        {%- for measure in var("base_kinds") %}
        when {{ indicator }} = '{{ measure.split("=") | first }}'
            then '{{ measure.split("=") | last }}'
        {%- endfor %}
    end
{%- endmacro %}

{# why a measure beside a cell is missing #}
{% macro side_reason(measure) -%}
    coalesce({{ measure }}_reason_code, {{ reason('missing_input') }})
{%- endmacro %}
