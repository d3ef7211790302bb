-- the reasons that the models give are reasons that the code list explains
{% for name, code in var('computed_reasons').items() %}
select '{{ code }}' as reason_code
where '{{ code }}' not in (select why.reason_code from {{ ref('reasons') }} as why)
{% if not loop.last %}
union all
{% endif %}
{% endfor %}
