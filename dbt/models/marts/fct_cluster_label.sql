with final as (
    select
        part.cluster_id,
        {{ country_of_cluster('part.cluster_id') }} as country_code,
        part.is_illustrative,
        part.label_code,
        part.valid_from,
        part.valid_to,
        part.received_at,
        part.row_id,
        part.file_id,
        part.table_name,
        part.cell
    from {{ current_rows(
        ref('stg_cluster_label'), ['cluster_id', 'label_code', 'valid_from']
    ) }} as part
)

select * from final
