with final as (
    select
        {{ form_row('part') }},
        cast(part.cluster_id as varchar) as cluster_id,
        cast(part.organisation_id as varchar) as organisation_id,
        cast(part.role_code as varchar) as role_code,
        cast(part.joined_on as date) as joined_on,
        cast(part.left_on as date) as left_on
    from {{ source('staged', 'membership') }} as part
)

select * from final
