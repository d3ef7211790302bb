{% set key = ['cluster_id', 'is_illustrative', 'year'] %}

-- a cluster that names no link of a year that it reports on has not filled the sheet in: unknown,
-- and not 0
with named as (
    select distinct {{ columns('years', key) }}
    from {{ ref('int_network__year') }} as years
    inner join {{ ref('fct_link') }} as link
        on years.cluster_id = link.cluster_id
        and years.is_illustrative = link.is_illustrative
        and {{ is_in_force('link', 'years.year') }}
),

clusters as (
    select
        {{ columns('cluster', key) }},
        cluster.country_code,
        cluster.home_region_code,
        named.cluster_id is not null as is_reported
    from {{ ref('int_cluster__yearly') }} as cluster
    left join named on {{ same('cluster', 'named', key) }}
),

ends as (
    select
        {{ columns('member', key) }},
        member.organisation_id as from_id,
        cast(null as varchar) as to_id,
        cast(null as varchar) as link_type
    from {{ ref('int_member__yearly') }} as member
    where member.is_at_end
    union all
    select
        {{ columns('link', key) }},
        link.from_id,
        link.to_id,
        link.link_type
    from {{ ref('int_network__link') }} as link
),

final as (
    select
        clusters.cluster_id as cluster_code,
        clusters.country_code,
        coalesce(clusters.home_region_code, clusters.country_code) as region_code,
        clusters.year,
        clusters.is_illustrative,
        ends.from_id,
        ends.to_id,
        ends.link_type,
        clusters.is_reported
    from clusters
    left join ends on {{ same('clusters', 'ends', key) }}
)

select * from final
