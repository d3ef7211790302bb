with final as (
    select
        {{ form_row('part') }},
        cast(part.cluster_id as varchar) as cluster_id,
        cast(part.status_code as varchar) as status_code,
        cast(part.valid_from as date) as valid_from,
        cast(part.deciding_body as varchar) as deciding_body,
        cast(part.document as varchar) as document,
        cast(part.reason as varchar) as reason
    from {{ source('staged', 'cluster_status_event') }} as part
)

select * from final
