{# x0, x: value of the activity in the region in the base year and now; g_i, g: growth of the
   activity and of everything in the country. An activity that is new in a region has no growth of
   its own: all of its change is regional. #}

{% macro national_growth(total, base_total) -%}
    case
        when {{ base_total }} = 0 and {{ total }} = 0 then 0
        else {{ ratio(total, base_total) }} - 1
    end
{%- endmacro %}

{% macro national_share(x0, g) -%}
    {{ x0 }} * ({{ g }})
{%- endmacro %}

{% macro industrial_mix(x0, g_i, g) -%}
    {{ x0 }} * ({{ g_i }} - {{ g }})
{%- endmacro %}

{% macro regional_shift(x, x0, g_i) -%}
    {{ x }} - {{ x0 }} * (1 + {{ g_i }})
{%- endmacro %}

{# what the region would have of the activity with the structure of the country #}
{% macro homothetic(base_region_total, base_activity_total, base_reference_total) -%}
    {{ base_region_total }} * {{ ratio(base_activity_total, base_reference_total) }}
{%- endmacro %}

{% macro competitive_effect(homothetic, growth_gap) -%}
    {{ homothetic }} * {{ growth_gap }}
{%- endmacro %}

{% macro allocation_effect(x0, homothetic, growth_gap) -%}
    ({{ x0 }} - {{ homothetic }}) * {{ growth_gap }}
{%- endmacro %}

{% macro location_factor(actual, expected) -%}
    {{ ratio(actual, expected) }}
{%- endmacro %}

{% macro mix_factor(expected, base, g) -%}
    {{ ratio(ratio(expected, base), "1 + " ~ g) }}
{%- endmacro %}

{% macro regional_factor(actual, base, g) -%}
    {{ ratio(ratio(actual, base), "1 + " ~ g) }}
{%- endmacro %}
