{# Money that clusters are given. Each formula once. #}

{# SUP_INT: per member, or per job #}
{% macro support_intensity(amount, number) -%}
    {{ ratio(amount, number) }}
{%- endmacro %}

{# SUP_LEV: private co-financing over public money paid out #}
{% macro leverage(private, public) -%}
    {{ ratio(private, public) }}
{%- endmacro %}
