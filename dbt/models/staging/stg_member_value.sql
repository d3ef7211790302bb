with final as (
    select
        {{ form_row('part') }},
        cast(part.cluster_id as varchar) as cluster_id,
        cast(part.organisation_id as varchar) as organisation_id,
        cast(part.residence_region_code as varchar) as residence_region_code,
        {{ form_value('part') }}
    from {{ source('staged', 'member_value') }} as part
)

select * from final
