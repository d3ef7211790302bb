with final as (
    select
        rejected.rejected_id,
        rejected.file_id,
        rejected.file_name,
        rejected.contract_id,
        rejected.table_name,
        rejected.cell,
        rejected.value_printed,
        rejected.code,
        rejected.expected,
        rejected.found,
        rejected.message,
        rejected.action,
        rejected.suggestion,
        rejected.received_at
    from {{ ref('stg_rejected_cell') }} as rejected
)

select * from final
