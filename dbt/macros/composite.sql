{# Scores of a component: x its value, up when more is better. A frame is what is known of the base
   year: smallest and largest value, mean, deviation; it stays the same for all years. #}

{% macro directed(x, direction) -%}
    case {{ direction }} when 'up' then {{ x }} when 'down' then -({{ x }}) end
{%- endmacro %}

{% macro min_max_share(x, direction, lowest, highest) -%}
    case {{ direction }}
        when 'up' then {{ ratio(x ~ " - " ~ lowest, highest ~ " - " ~ lowest) }}
        when 'down' then {{ ratio(highest ~ " - " ~ x, highest ~ " - " ~ lowest) }}
    end
{%- endmacro %}

{% macro min_max_score(x, direction, lowest, highest) -%}
    {%- set low = var("composite_scale")[0] -%}
    {%- set high = var("composite_scale")[1] -%}
    {{ low }} + ({{ high }} - ({{ low }})) * ({{ min_max_share(x, direction, lowest, highest) }})
{%- endmacro %}

{% macro z_score(x, direction, mean, deviation) -%}
    {{ ratio(directed(x ~ " - " ~ mean, direction), deviation) }}
{%- endmacro %}

{% macro goalpost_score(x, direction, low, high) -%}
    least(greatest({{ min_max_share(x, direction, low, high) }}, 0), 1)
{%- endmacro %}

{# The lowest is first and ties share the lower place: x, y, y, z are 1, 2, 2, 4. #}
{% macro rank_score(x, direction) -%}
    rank() over (among_peers order by {{ directed(x, direction) }})
{%- endmacro %}

{% macro borda_points(rank_score) -%}
    {{ rank_score }} - 1
{%- endmacro %}

{% macro percentile_score(rank_score, count) -%}
    {{ ratio("cast(" ~ rank_score ~ " - 1 as double)", count ~ " - 1") }}
{%- endmacro %}

{# Means of scores x with weights w, over the components that are there. #}

{% macro arithmetic_mean(x, w, by) -%}
    {{ ratio(
        ordered_sum(x ~ " * " ~ w, by),
        ordered_sum("case when " ~ x ~ " is not null then " ~ w ~ " end", by)
    ) }}
{%- endmacro %}

{% macro geometric_mean(x, w, by) -%}
    case
        when min(case when {{ w }} > 0 then {{ x }} end) > 0
            then exp({{ ratio(
                ordered_sum(w ~ " * ln(nullif(greatest(" ~ x ~ ", 0), 0))", by),
                ordered_sum("case when " ~ x ~ " is not null then " ~ w ~ " end", by)
            ) }})
    end
{%- endmacro %}

{% macro harmonic_mean(x, w, by) -%}
    case
        when min(case when {{ w }} > 0 then {{ x }} end) > 0
            then {{ ratio(
                ordered_sum("case when " ~ x ~ " is not null then " ~ w ~ " end", by),
                ordered_sum(ratio(w, x), by)
            ) }}
    end
{%- endmacro %}

{% macro weight_coverage(x, w, by) -%}
    {{ ratio(
        "coalesce(" ~ ordered_sum("case when " ~ x ~ " is not null then " ~ w ~ " end", by) ~ ", 0)",
        ordered_sum(w, by)
    ) }}
{%- endmacro %}

{% macro index_method(row) -%}
    'index=' || {{ row }}.index_code || ';version=' || {{ row }}.index_version
{%- endmacro %}
