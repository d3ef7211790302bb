-- every type of link by itself, and all of them together as the total
with final as (
    select type.value_code as link_type
    from {{ ref('dimension_values') }} as type
    where type.dimension_code = 'link_type'
    union all
    select '{{ var("total_code") }}' as link_type
)

select * from final
