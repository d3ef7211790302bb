with final as (
    select
        {{ form_row('part') }},
        cast(part.cluster_id as varchar) as cluster_id,
        cast(part.country_code as varchar) as country_code,
        cast(part.name_ru as varchar) as name_ru,
        cast(part.name_en as varchar) as name_en,
        cast(part.home_region_code as varchar) as home_region_code,
        cast(part.further_region_codes as {{ text_list_type() }}) as further_region_codes,
        cast(part.activity_classifier as varchar) as activity_classifier,
        cast(part.activity_codes as {{ text_list_type() }}) as activity_codes,
        cast(part.category_code as varchar) as category_code,
        cast(part.kind_code as varchar) as kind_code,
        cast(part.founded_on as date) as founded_on,
        cast(part.manager_id as varchar) as manager_id,
        cast(part.manager_name as varchar) as manager_name,
        cast(part.website as varchar) as website,
        cast(part.team_fte as double) as team_fte
    from {{ source('staged', 'cluster') }} as part
)

select * from final
