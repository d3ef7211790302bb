with final as (
    select
        {{ form_row('part') }},
        cast(part.cluster_id as varchar) as cluster_id,
        cast(part.instrument_code as varchar) as instrument_code,
        cast(part.programme as varchar) as programme,
        cast(part.giver as varchar) as giver,
        cast(part.recipient_id as varchar) as recipient_id,
        cast(part.support_year as smallint) as support_year,
        cast(part.committed_amount as double) as committed_amount,
        cast(part.paid_amount as double) as paid_amount,
        cast(part.private_amount as double) as private_amount,
        cast(part.currency_code as varchar) as currency_code
    from {{ source('staged', 'support') }} as part
)

select * from final
