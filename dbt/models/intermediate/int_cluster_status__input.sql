-- a cluster counts in its home region and in all that contain it; one without a home only in the
-- country
with placed as (
    select
        cluster.cluster_id,
        cluster.country_code,
        cluster.is_illustrative,
        cluster.year,
        cluster.status_code,
        coalesce(within.container_code, cluster.country_code) as region_code
    from {{ ref('int_cluster__yearly') }} as cluster
    left join {{ ref('int_region__within') }} as within
        on cluster.home_region_code = within.region_code
),

years as (
    select distinct
        cluster.country_code,
        cluster.is_illustrative,
        cluster.year,
        cluster.year_end
    from {{ ref('int_cluster__yearly') }} as cluster
),

-- the regions that a country has at the end of a year, also without a cluster
expected as (
    select
        years.country_code,
        years.is_illustrative,
        years.year,
        region.region_code,
        region.region_level,
        {{ peer_group('region') }} as peer_group,
        {{ is_peer('region', 'years.year_end') }} as is_peer
    from years
    inner join {{ ref('regions') }} as region on years.country_code = region.country_code
    where {{ is_valid_on('region', 'years.year_end') }}
),

final as (
    select
        expected.country_code,
        expected.region_code,
        expected.region_level,
        expected.peer_group,
        expected.is_peer,
        expected.year,
        expected.is_illustrative,
        placed.cluster_id as cluster_code,
        placed.status_code
    from expected
    left join placed
        on expected.country_code = placed.country_code
        and expected.region_code = placed.region_code
        and expected.year = placed.year
        and expected.is_illustrative = placed.is_illustrative
)

select * from final
