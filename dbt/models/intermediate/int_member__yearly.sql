{% set key = ['cluster_id', 'organisation_id', 'is_illustrative', 'year'] %}

-- whoever was a member on a day of the year, or on the last day before it
with present as (
    select
        cluster.cluster_id,
        membership.organisation_id,
        cluster.is_illustrative,
        cluster.year,
        cluster.year_end,
        cluster.home_region_code,
        membership.valid_from,
        {{ holds_on('membership', 'cluster.year_end') }} as is_at_end,
        {{ holds_on('membership', "cluster.year_start - interval 1 day") }} as is_at_start
    from {{ ref('int_cluster__yearly') }} as cluster
    inner join {{ ref('fct_membership') }} as membership
        on cluster.cluster_id = membership.cluster_id
        and cluster.is_illustrative = membership.is_illustrative
    where
        membership.valid_from <= cluster.year_end
        and (
            membership.valid_to is null
            or membership.valid_to >= cluster.year_start - interval 1 day
        )
),

members as (
    select
        {{ columns('present', key) }},
        present.year_end,
        present.home_region_code,
        min(present.valid_from) as member_since,
        {{ any_true('present.is_at_end') }} as is_at_end,
        {{ any_true('present.is_at_start') }} as is_at_start
    from present
    group by {{ columns('present', key) }}, present.year_end, present.home_region_code
),

final as (
    select
        {{ columns('members', key) }},
        members.member_since,
        members.is_at_start,
        members.is_at_end,
        not members.is_at_start as is_joined,
        not members.is_at_end as is_left,
        organisation.type_code,
        organisation.size_code,
        organisation.size_code in (
            {%- for size in var("sme_size_codes") -%}
            '{{ size }}'{{ ", " if not loop.last }}
            {%- endfor -%}
        ) as is_sme,
        organisation.region_code,
        members.home_region_code,
        case
            when organisation.region_code is not null and members.home_region_code is not null
                then within.region_code is null
        end as is_outside_home,
        organisation.row_id as organisation_row_id
    from members
    left join {{ ref('dim_organisation') }} as organisation
        on members.organisation_id = organisation.organisation_id
        and members.is_illustrative = organisation.is_illustrative
        and {{ holds_on('organisation', 'members.year_end') }}
    left join {{ ref('int_region__within') }} as within
        on organisation.region_code = within.region_code
        and members.home_region_code = within.container_code
)

select * from final
