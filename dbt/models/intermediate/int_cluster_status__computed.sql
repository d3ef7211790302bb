{% set key = ['country_code', 'region_code', 'year', 'is_illustrative'] %}
{% set total = "'" ~ var('total_code') ~ "'" %}
{% set unknown = "'" ~ var('unallocated_code') ~ "'" %}

with statuses as (
    {% for status in var('cluster_course') %}
    select '{{ status }}' as status_code
    union
    {% endfor %}
    select distinct coalesce(cluster.status_code, {{ unknown }}) as status_code
    from {{ ref('int_cluster_status__input') }} as cluster
    where cluster.cluster_code is not null
    union
    select {{ total }} as status_code
),

regions as (
    select
        {{ columns('cluster', key) }},
        max(cluster.region_level) as region_level,
        max(cluster.peer_group) as peer_group,
        {{ any_true('cluster.is_peer') }} as is_peer
    from {{ ref('int_cluster_status__input') }} as cluster
    group by {{ columns('cluster', key) }}
),

-- the total leaves out those that are closed
counted as (
    select
        {{ columns('cluster', key) }},
        coalesce(cluster.status_code, {{ unknown }}) as status_code,
        count(distinct cluster.cluster_code) as cluster_count
    from {{ ref('int_cluster_status__input') }} as cluster
    where cluster.cluster_code is not null
    group by {{ columns('cluster', key) }}, coalesce(cluster.status_code, {{ unknown }})
    union all
    select
        {{ columns('cluster', key) }},
        {{ total }} as status_code,
        count(distinct cluster.cluster_code) as cluster_count
    from {{ ref('int_cluster_status__input') }} as cluster
    where
        cluster.cluster_code is not null
        and cluster.status_code is distinct from '{{ var("cluster_course") | last }}'
    group by {{ columns('cluster', key) }}
),

final as (
    select
        {{ columns('regions', key) }},
        {{ is_leading_world('regions', ['country_code', 'region_code', 'year']) }} as is_leading,
        regions.region_level,
        regions.peer_group,
        regions.is_peer,
        statuses.status_code,
        coalesce(counted.cluster_count, 0) as cluster_count
    from regions
    cross join statuses
    left join counted
        on {{ same('regions', 'counted', key) }}
        and statuses.status_code = counted.status_code
)

select * from final
