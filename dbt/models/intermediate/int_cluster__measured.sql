{% set world = ['cluster_id', 'is_illustrative', 'year'] %}
{% set measures = cluster_measures() %}
{% set ratios = cluster_ratios() %}

with members as (
    select
        {{ columns('member', world) }},
        member.currency_code,
        member.has_several_currencies,
        member.is_remote_located,
        {% for measure in measures %}
        case when member.has_{{ measure.name }} then member.{{ measure.name }} end
            as {{ measure.name }},
        member.has_{{ measure.name }},
        {% endfor %}
        member.organisation_id
    from {{ ref('int_member__measured') }} as member
    where member.is_at_end
),

-- sums over the members at the end of the year that reported; a ratio over those that reported both
final as (
    select
        {{ columns('members', world) }},
        max(members.currency_code) as currency_code,
        count(distinct members.currency_code) > 1
        or {{ any_true('members.has_several_currencies') }} as has_several_currencies,
        {% for measure in measures %}
        {{ exact_sum('members.' ~ measure.name) }} as member_{{ measure.name }},
        count(case when members.has_{{ measure.name }} then 1 end)
            as member_{{ measure.name }}_reported_count,
        {% endfor %}
        {% for ratio in ratios %}
        {% set both = 'members.has_' ~ ratio.numerator ~ ' and members.has_' ~ ratio.denominator %}
        count(case when {{ both }} then 1 end) as {{ ratio.name }}_reported_count,
        {{ exact_sum('case when ' ~ both ~ ' then members.' ~ ratio.numerator ~ ' end') }}
            as {{ ratio.name }}_numerator,
        {{ exact_sum('case when ' ~ both ~ ' then members.' ~ ratio.denominator ~ ' end') }}
            as {{ ratio.name }}_denominator,
        {% endfor %}
        {{ exact_sum('case when members.is_remote_located then members.employees end') }}
            as located_employees,
        count(case when members.is_remote_located and members.has_employees then 1 end)
            as located_reported_count,
        count(*) as reported_count
    from members
    group by {{ columns('members', world) }}
)

select * from final
