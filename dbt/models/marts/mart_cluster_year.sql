{% set world = ['cluster_id', 'is_illustrative', 'year'] %}
{% set measures = cluster_measures() %}
{% set ratios = cluster_ratios() %}
{% set types = [
    'business', 'supplier', 'buyer', 'research', 'education', 'state_body', 'public_institution',
    'infrastructure', 'finance', 'other',
] %}
{% set sizes = ['micro', 'small', 'medium', 'large', 'entrepreneur'] %}

with members as (
    select
        {{ columns('member', world) }},
        {% for type in types %}
        count(case when member.is_at_end and member.type_code = '{{ type }}' then 1 end)
            as member_{{ type }}_count,
        {% endfor %}
        count(case when member.is_at_end and member.type_code is null then 1 end)
            as member_untyped_count,
        {% for size in sizes %}
        count(case when member.is_at_end and member.size_code = '{{ size }}' then 1 end)
            as member_{{ size }}_count,
        {% endfor %}
        count(case when member.is_at_end and member.size_code is null then 1 end)
            as member_unsized_count
    from {{ ref('int_member__yearly') }} as member
    group by {{ columns('member', world) }}
),

stated as (
    select
        {{ columns('part', world) }},
        {% for measure in measures %}
        max(part.value) filter (
            where part.indicator_code = '{{ measure.name }}'
        ) as stated_{{ measure.name }},
        {% endfor %}
        {% for measure in stated_measures() %}
        max(part.value) filter (
            where part.indicator_code = '{{ measure }}'
        ) as stated_{{ measure }},
        {% endfor %}
        max(part.currency_code) as currency_code,
        count(distinct part.currency_code) > 1 as has_several_currencies
    from {{ ref('int_cluster_value__current') }} as part
    group by {{ columns('part', world) }}
),

-- organisations with figures of the year that were no members at its end
left_outs as (
    select
        {{ columns('member', world) }},
        count(*) as left_out_count
    from {{ ref('int_member__measured') }} as member
    where not member.is_at_end
    group by {{ columns('member', world) }}
),

remote as (
    select
        {{ columns('job', world) }},
        {{ exact_sum('case when job.is_outside_home then job.remote_count end') }}
            as outside_home_count,
        {{ exact_sum('case when job.is_unallocated then job.remote_count end') }}
            as unallocated_count
    from {{ ref('int_member__remote') }} as job
    group by {{ columns('job', world) }}
),

joined as (
    select
        {{ columns('cluster', world) }},
        cluster.country_code,
        cluster.status_code,
        cluster.home_region_code,
        cluster.kind_code,
        cluster.team_fte,
        coalesce(measured.stated_unit_code, stated.currency_code) as currency_code,
        coalesce(measured.has_several_currencies, false)
        or coalesce(stated.has_several_currencies, false)
        or coalesce(measured.stated_unit_code <> stated.currency_code, false)
            as has_several_currencies,
        membership.member_count,
        membership.member_count_at_start,
        membership.joined_count,
        membership.left_count,
        membership.churn_pct,
        membership.churn_reason_code,
        membership.sme_count,
        membership.sme_share_pct,
        membership.sme_share_reason_code,
        membership.outside_home_count,
        membership.outside_home_share_pct,
        membership.outside_home_share_reason_code,
        {% for type in types + ['untyped'] %}
        coalesce(members.member_{{ type }}_count, 0) as member_{{ type }}_count,
        {% endfor %}
        {% for size in sizes + ['unsized'] %}
        coalesce(members.member_{{ size }}_count, 0) as member_{{ size }}_count,
        {% endfor %}
        coalesce(measured.reported_count, 0) as reported_count,
        coalesce(left_outs.left_out_count, 0) as left_out_count,
        {% for measure in measures %}
        measured.{{ measure.name }}_known as member_{{ measure.name }},
        coalesce(measured.{{ measure.name }}_reported_count, 0)
            as member_{{ measure.name }}_reported_count,
        stated.stated_{{ measure.name }},
        {% endfor %}
        {% for measure in stated_measures() %}
        stated.stated_{{ measure }},
        {% endfor %}
        {% for ratio in ratios + [{'name': 'cross_region_remote_pct'}] %}
        measured.{{ ratio.name }},
        measured.{{ ratio.name }}_reason_code,
        coalesce(measured.{{ ratio.name }}_reported_count, 0) as {{ ratio.name }}_reported_count,
        {% endfor %}
        case
            when measured.remote_employees_known is not null
                then coalesce(remote.outside_home_count, 0)
        end as remote_outside_home,
        case
            when measured.remote_employees_known is not null
                then coalesce(remote.unallocated_count, 0)
        end as remote_unallocated
    from {{ ref('int_cluster__yearly') }} as cluster
    left join members on {{ same('cluster', 'members', world) }}
    left join {{ ref('int_membership__computed') }} as membership
        on cluster.cluster_id = membership.cluster_code
        and cluster.is_illustrative = membership.is_illustrative
        and cluster.year = membership.year
    left join {{ ref('int_performance__computed') }} as measured
        on cluster.cluster_id = measured.cluster_code
        and cluster.is_illustrative = measured.is_illustrative
        and cluster.year = measured.year
        and measured.part_kind = 'members'
    left join stated on {{ same('cluster', 'stated', world) }}
    left join left_outs on {{ same('cluster', 'left_outs', world) }}
    left join remote on {{ same('cluster', 'remote', world) }}
),

reasoned as (
    select
        joined.*,
        {{ first_reason([
            ['joined.member_count = 0', reason('not_applicable')],
            ['joined.has_several_currencies', reason('unit_break')],
            ['joined.reported_count = 0', reason('missing_input')],
        ]) }} as reason_code
    from joined
),

final as (
    select
        {{ columns('reasoned', world) }},
        reasoned.country_code,
        reasoned.status_code,
        reasoned.home_region_code,
        reasoned.kind_code,
        reasoned.team_fte,
        reasoned.currency_code,
        cast(reasoned.member_count as integer) as member_count,
        cast(reasoned.member_count_at_start as integer) as member_count_at_start,
        cast(reasoned.joined_count as integer) as joined_count,
        cast(reasoned.left_count as integer) as left_count,
        reasoned.churn_pct,
        reasoned.churn_reason_code,
        {% for type in types + ['untyped'] %}
        cast(reasoned.member_{{ type }}_count as integer) as member_{{ type }}_count,
        {% endfor %}
        {% for size in sizes + ['unsized'] %}
        cast(reasoned.member_{{ size }}_count as integer) as member_{{ size }}_count,
        {% endfor %}
        cast(reasoned.sme_count as integer) as sme_count,
        reasoned.sme_share_pct,
        reasoned.sme_share_reason_code,
        cast(reasoned.outside_home_count as integer) as outside_home_count,
        reasoned.outside_home_share_pct,
        reasoned.outside_home_share_reason_code,
        cast(reasoned.reported_count as integer) as reported_count,
        {{ scaled_ratio('reasoned.reported_count', 'reasoned.member_count', 1) }} as coverage,
        cast(reasoned.left_out_count as integer) as left_out_count,
        {% for measure in measures %}
        {% for kind in ['member', 'stated'] %}
        {% if measure.is_money %}
        case
            when not reasoned.has_several_currencies
                then reasoned.{{ kind }}_{{ measure.name }}
        end as {{ kind }}_{{ measure.name }},
        {% else %}
        reasoned.{{ kind }}_{{ measure.name }},
        {% endif %}
        {% endfor %}
        cast(reasoned.member_{{ measure.name }}_reported_count as integer)
            as member_{{ measure.name }}_reported_count,
        {% endfor %}
        {% for measure in stated_measures() %}
        reasoned.stated_{{ measure }},
        {% endfor %}
        {% for ratio in ratios %}
        reasoned.{{ ratio.name }},
        reasoned.{{ ratio.name }}_reason_code,
        cast(reasoned.{{ ratio.name }}_reported_count as integer)
            as {{ ratio.name }}_reported_count,
        {% endfor %}
        reasoned.remote_outside_home,
        reasoned.remote_unallocated,
        reasoned.cross_region_remote_pct,
        reasoned.cross_region_remote_pct_reason_code as cross_region_remote_reason_code,
        cast(reasoned.cross_region_remote_pct_reported_count as integer)
            as cross_region_remote_reported_count,
        case
            when reasoned.reason_code is not null then why.obs_status
            when reasoned.is_illustrative then '{{ var("illustrative_status") }}'
            else '{{ var("normal_status") }}'
        end as obs_status,
        reasoned.reason_code
    from reasoned
    left join {{ ref('reasons') }} as why on reasoned.reason_code = why.reason_code
)

select * from final
