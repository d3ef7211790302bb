with years as (
    select cast(extract(year from obs.period_end) as integer) as year
    from {{ ref('fct_observation') }} as obs
    union
    select cluster.year
    from {{ ref('int_cluster__yearly') }} as cluster
    union
    select project.year
    from {{ ref('fct_project_value') }} as project
),

final as (
    select
        years.year,
        make_date(years.year, 1, 1) as first_on,
        make_date(years.year, 12, 31) as last_on
    from years
)

select * from final
