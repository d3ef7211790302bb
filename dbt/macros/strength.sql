{# Rules over figures of which some are known as intervals only. A condition is (figure, sign, bound,
   bound): the figure has ends `…_low` and `…_high`, the bounds are those for its least and for its
   most favourable end. #}
{% macro surely(condition) -%}
    {{ condition[0] }}_low {{ condition[1] }} {{ condition[2] }}
{%- endmacro %}

{% macro possibly(condition) -%}
    {{ condition[0] }}_high {{ condition[1] }} {{ condition[3] }}
{%- endmacro %}

{# 1 when all conditions hold whatever the figures are, 0 when one cannot hold, else NULL #}
{% macro holds(conditions) -%}
    case
        when
            {%- for condition in conditions %}
            {{ surely(condition) }}
            {{- " and" if not loop.last }}
            {%- endfor %}
            then 1
        when
            not (
                {%- for condition in conditions %}
                {{ possibly(condition) }}
                {{- " and" if not loop.last }}
                {%- endfor %}
            )
            then 0
    end
{%- endmacro %}

{# how many conditions hold; NULL when that depends on what the figures are #}
{% macro number_that_hold(conditions) -%}
    case
        when
            {%- for condition in conditions %}
            ({{ surely(condition) }}) = ({{ possibly(condition) }})
            {{- " and" if not loop.last }}
            {%- endfor %}
            then
                {%- for condition in conditions %}
                case when {{ surely(condition) }} then 1 else 0 end
                {{- " +" if not loop.last }}
                {%- endfor %}
    end
{%- endmacro %}

{# the method of a figure: that of its base measure, and what is said beside it #}
{% macro with_method(method_version, said) -%}
    case
        when {{ method_version }} = '{{ var("not_applicable_code") }}' then {{ said }}
        else {{ method_version }} || ';' || {{ said }}
    end
{%- endmacro %}

{# what the method of a rule says: its conditions, so that another threshold is another series #}
{% macro rule_method(indicator) -%}
    {%- set one = var("specialised_quotient") -%}
    {%- set others = "size>q0.25;establishments>q0.25" -%}
    {%- set methods = {
        "SPC_LQ_Z": "form=" ~ var("deviation_form"),
        "STR_STARS": "quantile=type7;size>=q" ~ var("size_star_part") ~ ";lq>=" ~ var("star_quotient")
            ~ ";focus>=q" ~ var("focus_star_part"),
        "STR_QUAL": "quantile=type7;lq>q0.25;" ~ others,
        "STR_SIGN": "quantile=type7;lq>q0.5;" ~ others,
        "STR_STRONG": "quantile=type7;lq>=q0.75;lq>=" ~ one ~ ";" ~ others,
        "STR_STRONG10": "quantile=type7;lq>=q0.9;lq>=" ~ one ~ ";" ~ others,
        "STR_PANO": "size>=" ~ threshold_said(var("panorama_size"))
            ~ ";lq>=" ~ threshold_said(var("panorama_quotient"))
            ~ ";wage>=" ~ threshold_said(var("panorama_wage")),
        "STR_RU": "kl>=" ~ one ~ ";is>=" ~ one ~ ";kdp>=" ~ one,
        "STR_ABS": "lq>=" ~ threshold_said(var("absolute_quotient"))
            ~ ";size>=" ~ threshold_said(var("absolute_size"))
            ~ ";establishments>=" ~ threshold_said(var("absolute_establishments")),
        "STR_BASE": "lq>=" ~ one ~ ";bases=",
    } -%}
    {{ methods[indicator] }}
{%- endmacro %}

{% macro threshold_said(threshold) -%}
    {{ "unset" if threshold is none else threshold }}
{%- endmacro %}

{# an end that nobody knows: above every figure, so that a bound which leans on it decides nothing #}
{% macro unbounded() -%}
    9e15
{%- endmacro %}

{# What quantiles are taken of, at their least and at their most. Regions that have nothing of the
   activity are left out; one that perhaps has nothing counts as 0 and as unbounded, which moves a
   quantile as far as leaving it out could. #}
{% macro least_of(cell, figure) -%}
    case
        when {{ cell }}.is_perhaps_absent then 0
        when {{ cell }}.is_present then {{ cell }}.{{ figure }}_low
    end
{%- endmacro %}

{% macro most_of(cell, figure) -%}
    case
        when {{ cell }}.is_perhaps_absent then {{ unbounded() }}
        when {{ cell }}.is_present then {{ cell }}.{{ figure }}_high
    end
{%- endmacro %}

{% macro positive_logarithm(value) -%}
    ln(nullif(greatest({{ value }}, 0), 0))
{%- endmacro %}

{# a threshold as SQL; one that is not set is NULL, and what is compared with it is nothing #}
{% macro threshold(number) -%}
    {{ "cast(null as double)" if number is none else number }}
{%- endmacro %}
