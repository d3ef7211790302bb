-- members, employees and remote jobs of a cluster are those of its regions, once each
{% set world = ['cluster_id', 'is_illustrative', 'year'] %}

with regions as (
    select
        {{ columns('part', world) }},
        sum(part.member_count) as member_count,
        sum(part.employees) as employees,
        sum(part.remote_employees) as remote_employees,
        sum(part.remote_residents) as remote_residents
    from {{ ref('mart_region_cluster_year') }} as part
    group by {{ columns('part', world) }}
)

select
    {{ columns('cluster', world) }},
    cluster.member_count,
    regions.member_count as member_count_of_regions
from {{ ref('mart_cluster_year') }} as cluster
left join regions on {{ same('cluster', 'regions', world) }}
where
    cluster.member_count <> coalesce(regions.member_count, 0)
    or cluster.member_employees is distinct from regions.employees
    or cluster.member_remote_employees is distinct from regions.remote_employees
    or coalesce(cluster.member_remote_employees, 0) <> coalesce(regions.remote_residents, 0)
