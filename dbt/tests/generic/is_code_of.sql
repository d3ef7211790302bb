{% test is_code_of(model, column, dimension) %}

{# a code of one of the lists in `dimension_values` #}
select {{ column }}
from {{ model }}
where
    {{ column }} is not null
    and {{ column }} not in (
        select code.value_code
        from {{ ref('dimension_values') }} as code
        where code.dimension_code = '{{ dimension }}'
    )

{% endtest %}
