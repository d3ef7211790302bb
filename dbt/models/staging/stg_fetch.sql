with final as (
    select
        cast(part.fetch_id as varchar) as fetch_id,
        cast(part.contract_id as varchar) as contract_id,
        cast(part.url as varchar) as url,
        cast(part.file_name as varchar) as file_name,
        cast(part.started_at as timestamp with time zone) as started_at,
        cast(part.seconds as double) as seconds,
        cast(part.attempt_count as integer) as attempt_count,
        cast(part.outcome_code as varchar) as outcome_code,
        cast(part.reason_code as varchar) as reason_code,
        cast(part.message as varchar) as message,
        cast(part.http_status as integer) as http_status,
        cast(part.media_type as varchar) as media_type,
        cast(part.size_bytes as bigint) as size_bytes,
        cast(part.file_id as varchar) as file_id,
        cast(part.etag as varchar) as etag,
        cast(part.last_modified as varchar) as last_modified
    from {{ source('staged', 'fetch') }} as part
)

select * from final
