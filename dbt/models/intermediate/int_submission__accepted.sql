-- a file may arrive under several names: the first one leads
with named as (
    select
        outcome.file_id,
        outcome.file_name,
        row_number() over (
            partition by outcome.file_id
            order by outcome.received_at, outcome.file_name
        ) as name_number
    from {{ ref('stg_file_outcome') }} as outcome
    where outcome.outcome_code = 'accepted'
),

-- a cluster reports once for a period; a register is known by the name of its file
final as (
    select
        submission.file_id,
        named.file_name,
        submission.contract_id,
        submission.contract_version,
        submission.form_code,
        submission.form_version,
        submission.language_code,
        submission.reporter_id,
        submission.period_code,
        submission.report_start,
        submission.report_end,
        submission.is_illustrative,
        submission.received_at,
        lead(submission.received_at) over (
            partition by
                submission.contract_id,
                submission.is_illustrative,
                submission.reporter_id,
                case when submission.reporter_id is null then named.file_name end,
                submission.report_start,
                submission.report_end
            order by submission.received_at, submission.file_id, submission.row_id
        ) as replaced_at
    from {{ ref('stg_submission') }} as submission
    inner join named
        on submission.file_id = named.file_id
        and named.name_number = 1
)

select * from final
