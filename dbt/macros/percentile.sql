{# Equal values share the mean of their places; places count from the worst. #}
{% macro percentile_rank(rank_from_worst, tie_count, count) -%}
    {{ ratio(
        "100.0 * (" ~ rank_from_worst ~ " + (" ~ tie_count ~ " - 1) / 2.0 - 0.5)", count
    ) }}
{%- endmacro %}

{% macro percentile_method(place) -%}
    'peers=' || {{ place }}.peer_group
    || ';unit=' || {{ place }}.unit_code
    || ';of=' || {{ place }}.method_version
    || ';ties=mean'
{%- endmacro %}
