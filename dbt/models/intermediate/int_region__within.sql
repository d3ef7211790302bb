with recursive within as (
    select
        region.region_code,
        region.region_code as container_code
    from {{ ref('regions') }} as region
    union
    select
        within.region_code,
        region.parent_code as container_code
    from within
    inner join {{ ref('regions') }} as region on within.container_code = region.region_code
    where region.parent_code is not null
),

final as (
    select
        within.region_code,
        within.container_code
    from within
)

select * from final
