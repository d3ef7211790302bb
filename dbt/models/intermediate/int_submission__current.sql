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
ranked as (
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
        row_number() over (
            partition by
                submission.contract_id,
                submission.is_illustrative,
                submission.reporter_id,
                case when submission.reporter_id is null then named.file_name end,
                submission.report_start,
                submission.report_end
            order by submission.received_at desc, submission.file_id desc, submission.row_id asc
        ) as submission_number
    from {{ ref('stg_submission') }} as submission
    inner join named
        on submission.file_id = named.file_id
        and named.name_number = 1
),

final as (
    select
        ranked.file_id,
        ranked.file_name,
        ranked.contract_id,
        ranked.contract_version,
        ranked.form_code,
        ranked.form_version,
        ranked.language_code,
        ranked.reporter_id,
        ranked.period_code,
        ranked.report_start,
        ranked.report_end,
        ranked.is_illustrative,
        ranked.received_at
    from ranked
    where ranked.submission_number = 1
)

select * from final
