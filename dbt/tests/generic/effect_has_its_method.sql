{% test effect_has_its_method(model, kind, indicator, note) %}

{# an effect that does not say how it was computed is an opinion and has no place among facts #}
select {{ kind }}, {{ indicator }}
from {{ model }}
where
    ({{ kind }} = {{ code('value_kind', 'effect') }}
        or {{ indicator }} = {{ code('indicator', 'project_effect') }})
    and coalesce(trim({{ note }}), '') = ''

{% endtest %}
