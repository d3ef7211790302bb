{% test always(model, condition) %}

{# holds for every row; a condition that is unknown does not hold #}
select *
from {{ model }}
where not coalesce({{ condition }}, false)

{% endtest %}
