with final as (
    select
        {{ form_row('part') }},
        cast(part.cluster_id as varchar) as cluster_id,
        cast(part.axis_code as varchar) as axis_code,
        cast(part.value_code as varchar) as value_code,
        cast(part.valid_from as date) as valid_from,
        cast(part.valid_to as date) as valid_to
    from {{ source('staged', 'cluster_classification') }} as part
)

select * from final
