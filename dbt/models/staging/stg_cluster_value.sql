with final as (
    select
        {{ form_row('part') }},
        cast(part.cluster_id as varchar) as cluster_id,
        {{ form_value('part') }}
    from {{ source('staged', 'cluster_value') }} as part
)

select * from final
