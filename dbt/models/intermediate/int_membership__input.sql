{% set key = ['cluster_id', 'is_illustrative', 'year'] %}

-- every cluster and year, also without a member
with labels as (
    select
        {{ columns('cluster', key) }},
        label.label_code,
        label.valid_to,
        row_number() over (
            partition by {{ columns('cluster', key) }}
            order by label.valid_from desc, label.label_code asc
        ) as place
    from {{ ref('int_cluster__yearly') }} as cluster
    inner join {{ ref('fct_cluster_label') }} as label
        on cluster.cluster_id = label.cluster_id
        and cluster.is_illustrative = label.is_illustrative
        and {{ holds_on('label', 'cluster.year_end') }}
),

listed as (
    select
        membership.cluster_id,
        membership.is_illustrative,
        min(membership.valid_from) as since
    from {{ ref('fct_membership') }} as membership
    group by membership.cluster_id, membership.is_illustrative
),

final as (
    select
        cluster.cluster_id as cluster_code,
        cluster.country_code,
        coalesce(cluster.home_region_code, cluster.country_code) as region_code,
        cluster.year,
        cluster.is_illustrative,
        coalesce(listed.since <= cluster.year_end, false) as is_listed,
        member.organisation_id,
        coalesce(member.is_at_start, false) as is_at_start,
        coalesce(member.is_at_end, false) as is_at_end,
        member.type_code,
        member.size_code,
        member.is_sme,
        member.region_code as member_region_code,
        member.is_outside_home,
        cluster.team_fte,
        cast(null as integer) as confirmed_count,
        labels.label_code,
        labels.valid_to as label_valid_to
    from {{ ref('int_cluster__yearly') }} as cluster
    left join {{ ref('int_member__yearly') }} as member on {{ same('cluster', 'member', key) }}
    left join listed
        on cluster.cluster_id = listed.cluster_id
        and cluster.is_illustrative = listed.is_illustrative
    left join labels
        on {{ same('cluster', 'labels', key) }}
        and labels.place = 1
)

select * from final
