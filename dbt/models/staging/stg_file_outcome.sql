with final as (
    select
        cast(part.file_id as varchar) as file_id,
        cast(part.file_name as varchar) as file_name,
        cast(part.outcome_code as varchar) as outcome_code,
        cast(part.reason_code as varchar) as reason_code,
        cast(part.message as varchar) as message,
        cast(part.contract_id as varchar) as contract_id,
        cast(part.contract_version as varchar) as contract_version,
        cast(part.provider_code as varchar) as provider_code,
        cast(part.dataset_code as varchar) as dataset_code,
        cast(part.format_code as varchar) as format_code,
        cast(part.size_bytes as bigint) as size_bytes,
        cast(part.content_hash as varchar) as content_hash,
        cast(part.same_as_file_id as varchar) as same_as_file_id,
        cast(part.observation_count as bigint) as observation_count,
        cast(part.rejected_count as bigint) as rejected_count,
        cast(part.is_illustrative as boolean) as is_illustrative,
        cast(part.released_on as date) as released_on,
        cast(part.received_at as timestamp with time zone) as received_at
    from {{ source('staged', 'file_outcome') }} as part
)

select * from final
