{% test refers_to(model, columns, to, to_columns) %}

{# a composite key that is found in another table; rows where a part is NULL refer to nothing #}
select {{ columns | join(", ") }}
from {{ model }}
where
    {% for column in columns -%}
    {{ column }} is not null
    and {% endfor -%}
    not exists (
        select 1
        from {{ to }} as target
        where
            {% for column in columns -%}
            {{ model }}.{{ column }} = target.{{ to_columns[loop.index0] }}
            {{- " and " if not loop.last }}
            {% endfor %}
    )

{% endtest %}
