with years as (
    select distinct cast(extract(year from obs.period_end) as integer) as year
    from {{ ref('fct_observation') }} as obs
),

final as (
    select
        years.year,
        make_date(years.year, 1, 1) as first_on,
        make_date(years.year, 12, 31) as last_on
    from years
)

select * from final
