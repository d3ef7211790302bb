with said as (
    select
        part.cluster_id,
        part.is_illustrative,
        part.axis_code,
        part.value_code,
        part.valid_from,
        part.valid_to as stated_valid_to,
        cast(
            lead(part.valid_from) over (
                partition by part.cluster_id, part.is_illustrative, part.axis_code
                order by part.valid_from
            ) - interval 1 day as date
        ) as next_valid_to,
        part.received_at,
        part.row_id,
        part.file_id,
        part.table_name,
        part.cell
    from {{ current_rows(
        ref('stg_cluster_classification'), ['cluster_id', 'axis_code', 'valid_from']
    ) }} as part
),

final as (
    select
        said.cluster_id,
        {{ country_of_cluster('said.cluster_id') }} as country_code,
        said.is_illustrative,
        said.axis_code,
        said.value_code,
        said.valid_from,
        least(said.stated_valid_to, said.next_valid_to) as valid_to,
        said.received_at,
        said.row_id,
        said.file_id,
        said.table_name,
        said.cell
    from said
)

select * from final
