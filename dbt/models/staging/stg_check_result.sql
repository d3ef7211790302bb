with final as (
    select
        cast(part.check_id as varchar) as check_id,
        cast(part.file_id as varchar) as file_id,
        cast(part.contract_id as varchar) as contract_id,
        cast(part.check_name as varchar) as check_name,
        cast(part.expectation_type as varchar) as expectation_type,
        cast(part.severity as varchar) as severity,
        cast(part.is_success as boolean) as is_success,
        cast(part.is_applicable as boolean) as is_applicable,
        cast(part.tested_count as bigint) as tested_count,
        cast(part.unexpected_count as bigint) as unexpected_count,
        cast(part.expected as varchar) as expected,
        cast(part.found as varchar) as found,
        cast(part.examples as varchar) as examples,
        cast(part.received_at as timestamp with time zone) as received_at
    from {{ source('staged', 'check_result') }} as part
)

select * from final
