{% set key = ['cluster_code', 'is_illustrative', 'year'] %}

-- members of one type in all members; the types are those that any cluster has
with types as (
    select distinct member.type_code
    from {{ ref('int_membership__input') }} as member
    where member.type_code is not null
),

counted as (
    select
        {{ columns('member', key) }},
        member.type_code,
        count(distinct member.organisation_id) as member_count
    from {{ ref('int_membership__input') }} as member
    where member.is_at_end and member.type_code is not null
    group by {{ columns('member', key) }}, member.type_code
),

final as (
    select
        {{ columns('cluster', key) }},
        cluster.country_code,
        cluster.region_code,
        cluster.is_leading,
        types.type_code,
        coalesce(counted.member_count, 0) as member_count,
        case
            when cluster.mix_reason_code is null
                then {{ share_pct('coalesce(counted.member_count, 0)', 'cluster.member_count') }}
        end as type_share_pct,
        cluster.mix_reason_code
    from {{ ref('int_membership__computed') }} as cluster
    cross join types
    left join counted
        on {{ same('cluster', 'counted', key) }}
        and types.type_code = counted.type_code
)

select * from final
