{% test value_or_reason(model, reasons) %}

{# a figure is there, or the reason why not: never both, never neither; `reasons` is value: reason #}
{% for value, reason in reasons.items() %}
select
    '{{ value }}' as figure,
    cast({{ value }} as varchar) as value,
    {{ reason }} as reason_code
from {{ model }}
where ({{ value }} is null) <> ({{ reason }} is not null)
{{ "union all" if not loop.last }}
{% endfor %}

{% endtest %}
