with final as (
    select
        asked.fetch_id,
        asked.contract_id,
        asked.url,
        asked.file_name,
        asked.started_at,
        asked.seconds,
        asked.attempt_count,
        asked.outcome_code,
        asked.reason_code,
        asked.message,
        asked.http_status,
        asked.media_type,
        asked.size_bytes,
        asked.file_id,
        asked.etag,
        asked.last_modified
    from {{ ref('stg_fetch') }} as asked
)

select * from final
