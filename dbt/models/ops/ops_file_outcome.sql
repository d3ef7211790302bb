with final as (
    select
        outcome.file_id,
        outcome.file_name,
        outcome.outcome_code,
        outcome.reason_code,
        outcome.message,
        outcome.contract_id,
        outcome.contract_version,
        outcome.provider_code,
        outcome.dataset_code,
        outcome.format_code,
        outcome.size_bytes,
        outcome.content_hash,
        outcome.same_as_file_id,
        outcome.observation_count,
        outcome.rejected_count,
        outcome.is_illustrative,
        outcome.released_on,
        outcome.received_at
    from {{ ref('stg_file_outcome') }} as outcome
)

select * from final
