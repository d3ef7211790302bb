with final as (
    select
        {{ form_row('part') }},
        cast(part.organisation_id as varchar) as organisation_id,
        cast(part.country_code as varchar) as country_code,
        cast(part.registry_number as varchar) as registry_number,
        cast(part.name as varchar) as name,
        cast(part.region_code as varchar) as region_code,
        cast(part.district as varchar) as district,
        cast(part.activity_classifier as varchar) as activity_classifier,
        cast(part.activity_code as varchar) as activity_code,
        cast(part.size_code as varchar) as size_code,
        cast(part.type_code as varchar) as type_code
    from {{ source('staged', 'organisation') }} as part
)

select * from final
