with final as (
    select
        link.from_code as region_code,
        cast(link.event_on as date) as event_on
    from {{ ref('region_links') }} as link
    where link.event_kind in ('split', 'merged')
    union
    select
        link.to_code as region_code,
        cast(link.event_on as date) as event_on
    from {{ ref('region_links') }} as link
    where link.event_kind in ('split', 'merged')
)

select * from final
