{% test filled(model, columns) %}

{# none of the columns is empty in any row #}
select {{ columns | join(", ") }}
from {{ model }}
where
    {% for column in columns -%}
    {{ column }} is null
    {{- " or " if not loop.last }}
    {% endfor %}

{% endtest %}
