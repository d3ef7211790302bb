{% set key = ['cluster_id', 'project_id', 'is_illustrative'] %}

with final as (
    select
        {{ columns('project', key) }},
        project.title,
        project.kind_code,
        project.status_code,
        project.selected_by,
        project.lead_id,
        project.participant_ids,
        project.region_codes,
        project.started_on,
        project.planned_finish_on,
        project.finished_on,
        project.row_id,
        project.file_id,
        project.table_name,
        project.cell
    from {{ current_rows(ref('stg_project'), ['cluster_id', 'project_id']) }} as project
)

select * from final
