{# dbt's own functions, bettered; only dbt has `builtins` to build them on #}

{# a relation without the name of its database: a view that says so holds under any file name #}
{% macro ref() -%}
    {%- set relation = builtins.ref(*varargs, **kwargs) -%}
    {%- do return(relation.include(database=false)) -%}
{%- endmacro %}
