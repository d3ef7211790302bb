{% set key = ['category_code', 'activity_classifier', 'activity_code'] %}

with final as (
    select
        {{ columns('definition', key) }},
        definition.is_illustrative,
        definition.category_name,
        definition.subcategory_name,
        definition.sector_code,
        definition.activity_name,
        definition.row_id,
        definition.file_id,
        definition.table_name,
        definition.cell
    from {{ current_rows(ref('stg_category_activity'), key) }} as definition
    where definition.activity_code is not null
)

select * from final
