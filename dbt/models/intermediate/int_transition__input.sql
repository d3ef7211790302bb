{{ config(materialized='view') }}

-- the status of a cluster at the end of a year and of the year before
with final as (
    select
        cluster.country_code,
        cluster.cluster_id as cluster_code,
        cluster.is_illustrative,
        cluster.year,
        cluster.status_code,
        cluster.year - 1 as base_year,
        before.status_code as base_status_code
    from {{ ref('int_cluster__yearly') }} as cluster
    inner join {{ ref('int_cluster__yearly') }} as before
        on cluster.cluster_id = before.cluster_id
        and cluster.is_illustrative = before.is_illustrative
        and cluster.year = before.year + 1
)

select * from final
