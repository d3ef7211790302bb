with final as (
    select
        {{ form_row('part') }},
        cast(part.cluster_id as varchar) as cluster_id,
        cast(part.label_code as varchar) as label_code,
        cast(part.valid_from as date) as valid_from,
        cast(part.valid_to as date) as valid_to
    from {{ source('staged', 'cluster_label') }} as part
)

select * from final
