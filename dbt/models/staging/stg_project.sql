with final as (
    select
        {{ form_row('part') }},
        cast(part.cluster_id as varchar) as cluster_id,
        cast(part.project_id as varchar) as project_id,
        cast(part.title as varchar) as title,
        cast(part.lead_id as varchar) as lead_id,
        cast(part.participant_ids as {{ text_list_type() }}) as participant_ids,
        cast(part.kind_code as varchar) as kind_code,
        cast(part.region_codes as {{ text_list_type() }}) as region_codes,
        cast(part.started_on as date) as started_on,
        cast(part.planned_finish_on as date) as planned_finish_on,
        cast(part.finished_on as date) as finished_on,
        cast(part.status_code as varchar) as status_code,
        cast(part.selected_by as varchar) as selected_by
    from {{ source('staged', 'project') }} as part
)

select * from final
