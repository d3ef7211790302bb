-- every spelling in every accepted file, also in reports that were replaced
with accepted as (
    select
        part.organisation_id,
        part.is_illustrative,
        part.name,
        file.file_id,
        file.file_name,
        part.reporter_id,
        part.report_start,
        part.report_end,
        part.received_at,
        part.table_name,
        part.cell,
        row_number() over (
            partition by part.organisation_id, part.is_illustrative, part.name, part.file_id
            order by part.table_name, part.cell, part.row_id
        ) as place
    from {{ ref('stg_organisation') }} as part
    inner join {{ ref('dim_source_file') }} as file
        on part.file_id = file.file_id
        and file.outcome_code = 'accepted'
    where part.name is not null
),

final as (
    select
        accepted.organisation_id,
        accepted.is_illustrative,
        accepted.name,
        accepted.file_id,
        accepted.file_name,
        accepted.reporter_id,
        accepted.report_start,
        accepted.report_end,
        accepted.received_at,
        accepted.table_name,
        accepted.cell
    from accepted
    where accepted.place = 1
)

select * from final
