-- what a region splits into is all of it, unless a share is unknown
with final as (
    select
        link.from_code,
        link.event_on,
        sum(link.share) as share_sum
    from {{ ref('region_links') }} as link
    where link.event_kind = 'split'
    group by link.from_code, link.event_on
    having
        count(link.share) = count(*)
        and abs(sum(link.share) - 1) > 1e-6
)

select * from final
