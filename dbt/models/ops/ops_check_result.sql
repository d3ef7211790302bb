with final as (
    select
        result.check_id,
        result.file_id,
        result.contract_id,
        result.check_name,
        result.expectation_type,
        result.severity,
        result.is_success,
        result.is_applicable,
        result.tested_count,
        result.unexpected_count,
        result.expected,
        result.found,
        result.examples,
        result.received_at
    from {{ ref('stg_check_result') }} as result
)

select * from final
