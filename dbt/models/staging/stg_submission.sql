with final as (
    select
        {{ form_row('part') }},
        cast(part.form_code as varchar) as form_code,
        cast(part.form_version as varchar) as form_version,
        cast(part.language_code as varchar) as language_code,
        cast(part.cluster_id as varchar) as cluster_id,
        cast(part.period_code as varchar) as period_code
    from {{ source('staged', 'submission') }} as part
)

select * from final
