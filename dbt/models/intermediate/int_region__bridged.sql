-- changes of boundaries; a region that others were merged into is also what it was itself
with recursive links as (
    select
        link.from_code,
        link.to_code,
        link.event_on,
        link.share
    from {{ ref('region_links') }} as link
    where link.event_kind in ('split', 'merged')
    union
    select
        link.to_code as from_code,
        link.to_code,
        link.event_on,
        1.0 as share
    from {{ ref('region_links') }} as link
    inner join {{ ref('regions') }} as region on link.to_code = region.region_code
    where
        link.event_kind = 'merged'
        and (region.valid_from is null or region.valid_from < link.event_on)
),

-- back in time, one change after the other
paths as (
    select
        links.to_code as region_code,
        links.from_code as base_region_code,
        links.event_on as newest_event_on,
        links.event_on as oldest_event_on,
        links.share
    from links
    union all
    select
        paths.region_code,
        links.from_code as base_region_code,
        paths.newest_event_on,
        links.event_on as oldest_event_on,
        paths.share * links.share as share
    from paths
    inner join links
        on paths.base_region_code = links.to_code
        and paths.oldest_event_on > links.event_on
),

-- between which days a path holds: no other change of the regions at its ends lies in between
final as (
    select
        paths.region_code,
        paths.base_region_code,
        paths.share,
        cast(paths.newest_event_on as date) as newest_event_on,
        cast(paths.oldest_event_on as date) as oldest_event_on,
        cast(min(later.event_on) as date) as next_event_on,
        cast(max(earlier.event_on) as date) as earlier_event_on
    from paths
    left join {{ ref('int_region__changed') }} as later
        on paths.region_code = later.region_code
        and paths.newest_event_on < later.event_on
    left join {{ ref('int_region__changed') }} as earlier
        on paths.base_region_code = earlier.region_code
        and paths.oldest_event_on > earlier.event_on
    group by
        paths.region_code,
        paths.base_region_code,
        paths.share,
        paths.newest_event_on,
        paths.oldest_event_on
)

select * from final
