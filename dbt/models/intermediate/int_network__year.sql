-- years that a cluster has reported on: of others only those links are known that outlived them
with final as (
    select distinct
        submission.reporter_id as cluster_id,
        submission.is_illustrative,
        cast(extract(year from submission.report_end) as integer) as year
    from {{ ref('int_submission__current') }} as submission
    where
        submission.reporter_id is not null
        and extract(year from submission.report_start) = extract(year from submission.report_end)
        and {{ month_and_day('submission.report_start') }} = '01-01'
        and {{ month_and_day('submission.report_end') }} = '12-31'
)

select * from final
