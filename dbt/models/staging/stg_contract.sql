with final as (
    select
        cast(part.contract_id as varchar) as contract_id,
        cast(part.contract_version as varchar) as contract_version,
        cast(part.provider_code as varchar) as provider_code,
        cast(part.provider_name as varchar) as provider_name,
        cast(part.dataset_code as varchar) as dataset_code,
        cast(part.title as varchar) as title,
        cast(part.licence as varchar) as licence,
        cast(part.source_url as varchar) as source_url,
        cast(part.owner as varchar) as owner,
        cast(part.cadence_code as varchar) as cadence_code,
        cast(part.due_after_days as integer) as due_after_days,
        cast(part.is_illustrative as boolean) as is_illustrative,
        cast(part.has_check as boolean) as has_check,
        cast(part.respondent_statuses as {{ text_list_type() }}) as respondent_statuses
    from {{ source('staged', 'contract') }} as part
)

select * from final
