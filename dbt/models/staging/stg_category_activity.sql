with final as (
    select
        {{ form_row('part') }},
        cast(part.category_code as varchar) as category_code,
        cast(part.category_name as varchar) as category_name,
        cast(part.subcategory_name as varchar) as subcategory_name,
        cast(part.sector_code as varchar) as sector_code,
        cast(part.activity_classifier as varchar) as activity_classifier,
        cast(part.activity_code as varchar) as activity_code,
        cast(part.activity_name as varchar) as activity_name
    from {{ source('staged', 'category_activity') }} as part
)

select * from final
