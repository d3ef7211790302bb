-- a file may arrive under several names: the first name under which it was taken in leads
with names as (
    select
        outcome.file_id,
        outcome.file_name,
        outcome.outcome_code,
        outcome.contract_id,
        outcome.contract_version,
        outcome.provider_code,
        outcome.dataset_code,
        outcome.format_code,
        outcome.size_bytes,
        outcome.content_hash,
        outcome.observation_count,
        outcome.rejected_count,
        outcome.is_illustrative,
        outcome.released_on,
        outcome.received_at,
        count(*) over (partition by outcome.file_id) as file_name_count,
        row_number() over (
            partition by outcome.file_id
            order by
                case when outcome.outcome_code = 'unchanged' then 1 else 0 end,
                outcome.received_at,
                outcome.file_name
        ) as name_number
    from {{ ref('stg_file_outcome') }} as outcome
),

contracts as (
    select
        contract.contract_id,
        contract.contract_version,
        contract.provider_name,
        contract.title,
        contract.licence,
        contract.source_url,
        contract.owner,
        contract.cadence_code,
        contract.due_after_days,
        row_number() over (
            partition by contract.contract_id, contract.contract_version
            order by contract.title, contract.licence
        ) as contract_number
    from {{ ref('stg_contract') }} as contract
),

final as (
    select
        names.file_id,
        names.file_name,
        cast(names.file_name_count as integer) as file_name_count,
        names.outcome_code,
        names.contract_id,
        names.contract_version,
        names.provider_code,
        contracts.provider_name,
        names.dataset_code,
        contracts.title,
        contracts.licence,
        contracts.source_url,
        contracts.owner,
        contracts.cadence_code,
        contracts.due_after_days,
        names.format_code,
        names.size_bytes,
        names.content_hash,
        names.observation_count,
        names.rejected_count,
        names.is_illustrative,
        names.released_on,
        names.received_at
    from names
    left join contracts
        on names.contract_id = contracts.contract_id
        and names.contract_version = contracts.contract_version
        and contracts.contract_number = 1
    where names.name_number = 1
)

select * from final
