with final as (
    select
        cast(part.rejected_id as varchar) as rejected_id,
        cast(part.file_id as varchar) as file_id,
        cast(part.file_name as varchar) as file_name,
        cast(part.contract_id as varchar) as contract_id,
        cast(part.table_name as varchar) as table_name,
        cast(part.cell as varchar) as cell,
        cast(part.value_printed as varchar) as value_printed,
        cast(part.code as varchar) as code,
        cast(part.expected as varchar) as expected,
        cast(part.found as varchar) as found,
        cast(part.message as varchar) as message,
        cast(part.action as varchar) as action,
        cast(part.suggestion as varchar) as suggestion,
        cast(part.received_at as timestamp with time zone) as received_at
    from {{ source('staged', 'rejected_cell') }} as part
)

select * from final
