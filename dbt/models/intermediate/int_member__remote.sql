{% set key = ['cluster_id', 'organisation_id', 'is_illustrative', 'year'] %}

with members as (
    select
        {{ columns('member', key) }},
        member.home_region_code,
        member.remote_employees,
        member.remote_by_region,
        coalesce(member.is_remote_split, false) as is_remote_split,
        member.is_counted_once,
        member.is_remote_located and member.has_employees as is_in_share
    from {{ ref('int_member__measured') }} as member
    where
        member.is_at_end
        and member.remote_employees is not null
),

-- each remote job stands in the region where its holder lives; where a split is more than the
-- total that it splits, or does not reach it, the rest lives nobody knows where
placed as (
    select
        {{ columns('members', key) }},
        members.home_region_code,
        members.is_counted_once,
        members.is_in_share,
        part.residence_region_code as region_code,
        part.value as remote_count
    from members
    inner join {{ ref('int_member_value__current') }} as part
        on {{ same('members', 'part', key) }}
        and part.indicator_code = 'remote_employees'
    where
        members.is_remote_split
        and part.residence_region_code is not null
        and part.value is not null
    union all
    select
        {{ columns('members', key) }},
        members.home_region_code,
        members.is_counted_once,
        members.is_in_share,
        '{{ var("unallocated_code") }}' as region_code,
        members.remote_employees
        - case when members.is_remote_split then members.remote_by_region else 0 end
            as remote_count
    from members
    where
        members.remote_employees
        > case when members.is_remote_split then members.remote_by_region else 0 end
),

final as (
    select
        {{ columns('placed', key) }},
        placed.region_code,
        placed.remote_count,
        placed.is_counted_once,
        placed.is_in_share,
        placed.region_code = '{{ var("unallocated_code") }}' as is_unallocated,
        case
            when
                placed.region_code <> '{{ var("unallocated_code") }}'
                and placed.home_region_code is not null
                then within.region_code is null
        end as is_outside_home
    from placed
    left join {{ ref('int_region__within') }} as within
        on placed.region_code = within.region_code
        and placed.home_region_code = within.container_code
)

select * from final
