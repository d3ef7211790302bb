with final as (
    select
        submission.file_id,
        submission.file_name,
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
        submission.received_at
    from {{ ref('int_submission__accepted') }} as submission
    where submission.replaced_at is null
)

select * from final
