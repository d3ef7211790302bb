with final as (
    select
        {{ form_row('part') }},
        cast(part.cluster_id as varchar) as cluster_id,
        cast(part.link_level as varchar) as link_level,
        cast(part.from_id as varchar) as from_id,
        cast(part.to_id as varchar) as to_id,
        cast(part.link_type as varchar) as link_type,
        cast(part.valid_from as date) as valid_from,
        cast(part.valid_to as date) as valid_to,
        cast(part.amount as double) as amount,
        cast(part.currency_code as varchar) as currency_code
    from {{ source('staged', 'link') }} as part
)

select * from final
