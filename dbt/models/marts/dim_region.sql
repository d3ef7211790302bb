with final as (
    select
        region.region_code,
        region.country_code,
        region.parent_code,
        cast(region.region_level as integer) as region_level,
        region.region_type,
        region.name_ru,
        region.name_en,
        cast(region.name_be as varchar) as name_be,
        cast(region.name_kk as varchar) as name_kk,
        cast(region.iso_3166_2 as varchar) as iso_3166_2,
        cast(region.national_code as varchar) as national_code,
        cast(region.valid_from as date) as valid_from,
        cast(region.valid_to as date) as valid_to,
        cast(region.is_residual as boolean) as is_residual
    from {{ ref('regions') }} as region
)

select * from final
