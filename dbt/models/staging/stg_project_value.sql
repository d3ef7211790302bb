with final as (
    select
        {{ form_row('part') }},
        cast(part.cluster_id as varchar) as cluster_id,
        cast(part.project_id as varchar) as project_id,
        cast(part.value_kind as varchar) as value_kind,
        cast(part.stated_on as date) as stated_on,
        cast(part.boundary_version as varchar) as boundary_version,
        cast(part.method_note as varchar) as method_note,
        {{ form_value('part') }}
    from {{ source('staged', 'project_value') }} as part
)

select * from final
