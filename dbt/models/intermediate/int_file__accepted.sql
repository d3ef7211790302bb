with outcomes as (
    select outcome.file_id
    from {{ ref('stg_file_outcome') }} as outcome
    where outcome.outcome_code = 'accepted'
),

final as (
    select distinct outcomes.file_id
    from outcomes
)

select * from final
