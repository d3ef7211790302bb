{% set key = ['cluster_id', 'organisation_id', 'is_illustrative', 'year'] %}
{% set measures = cluster_measures() %}

with figures as (
    select
        {{ columns('part', key) }},
        part.indicator_code,
        part.residence_region_code,
        part.residence_region_code is null as is_total,
        part.value,
        part.is_known,
        part.currency_code
    from {{ ref('int_member_value__current') }} as part
),

-- remote jobs by region of residence stand for the total of a member that states none
measured as (
    select
        {{ columns('figures', key) }},
        max(figures.currency_code) as currency_code,
        count(distinct figures.currency_code) as currency_count,
        {% for measure in measures %}
        max(figures.value) filter (
            where figures.is_total and figures.indicator_code = '{{ measure.name }}'
        ) as {{ measure.name }},
        {{ any_true(
            "figures.is_known and figures.indicator_code = '" ~ measure.name ~ "'"
        ) }} as has_{{ measure.name }},
        {% endfor %}
        {{ exact_sum(
            "case when not figures.is_total and figures.indicator_code = 'remote_employees' "
            ~ "then figures.value end"
        ) }} as remote_by_region
    from figures
    group by {{ columns('figures', key) }}
),

final as (
    select
        {{ columns('measured', key) }},
        measured.currency_code,
        measured.currency_count > 1 as has_several_currencies,
        coalesce(member.is_at_end, false) as is_at_end,
        member.home_region_code,
        {% for measure in measures %}
        {% if measure.name == 'remote_employees' %}
        coalesce(measured.remote_employees, measured.remote_by_region) as remote_employees,
        {% else %}
        measured.{{ measure.name }},
        {% endif %}
        measured.has_{{ measure.name }},
        {% endfor %}
        measured.remote_employees is not null as is_remote_stated,
        measured.remote_by_region,
        measured.remote_by_region
        <= coalesce(measured.remote_employees, measured.remote_by_region) as is_remote_split,
        measured.has_remote_employees
        and coalesce(measured.remote_employees, measured.remote_by_region, 0)
        = coalesce(measured.remote_by_region, 0) as is_remote_located,
        row_number() over (
            partition by measured.organisation_id, measured.is_illustrative, measured.year
            order by
                coalesce(member.is_at_end, false) desc,
                measured.has_remote_employees desc,
                member.member_since asc,
                measured.cluster_id asc
        ) = 1 as is_counted_once
    from measured
    left join {{ ref('int_member__yearly') }} as member on {{ same('measured', 'member', key) }}
)

select * from final
