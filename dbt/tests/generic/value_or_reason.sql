{% test value_or_reason(model, value, reason) %}

{# a figure is there, or the reason why not: never both, never neither #}
select
    {{ value }},
    {{ reason }}
from {{ model }}
where ({{ value }} is null) <> ({{ reason }} is not null)

{% endtest %}
