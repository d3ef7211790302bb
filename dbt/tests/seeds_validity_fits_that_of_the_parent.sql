-- no region ends before it begins, and each existed at some time together with its parent
with spans as (
    select
        region.region_code,
        region.parent_code,
        coalesce(region.valid_from, date '0001-01-01') as valid_from,
        coalesce(region.valid_to, date '9999-12-31') as valid_to
    from {{ ref('regions') }} as region
),

final as (
    select
        child.region_code,
        child.valid_from,
        child.valid_to,
        parent.region_code as parent_code
    from spans as child
    left join spans as parent on child.parent_code = parent.region_code
    where
        child.valid_from > child.valid_to
        or child.valid_from > parent.valid_to
        or child.valid_to < parent.valid_from
)

select * from final
