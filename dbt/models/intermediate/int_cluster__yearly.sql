{% set world = ['cluster_id', 'is_illustrative'] %}

-- from the first day known of a cluster to the last year that has ended, or has figures
with known as (
    select
        {{ columns('cluster', world) }},
        cast(extract(year from cluster.valid_from) as integer) as first_year,
        cast(null as integer) as value_year
    from {{ ref('dim_cluster') }} as cluster
    union all
    select
        {{ columns('measured', world) }},
        measured.year as first_year,
        measured.year as value_year
    from {{ ref('int_member_value__current') }} as measured
    union all
    select
        {{ columns('stated', world) }},
        stated.year as first_year,
        stated.year as value_year
    from {{ ref('int_cluster_value__current') }} as stated
),

spans as (
    select
        {{ columns('known', world) }},
        min(known.first_year) as first_year,
        max(known.value_year) as last_value_year
    from known
    group by {{ columns('known', world) }}
),

years as (
    select
        {{ columns('spans', world) }},
        spans.last_value_year,
        {{ each_year(
            'spans.first_year',
            'greatest(extract(year from said.built_at) - 1, spans.last_value_year)'
        ) }} as year
    from spans
    cross join {{ source('staged', 'build') }} as said
),

dated as (
    select
        {{ columns('years', world) }},
        years.last_value_year,
        cast(years.year as integer) as year,
        make_date(years.year, 1, 1) as year_start,
        make_date(years.year, 12, 31) as year_end
    from years
),

final as (
    select
        {{ columns('dated', world) }},
        {{ country_of_cluster('dated.cluster_id') }} as country_code,
        dated.year,
        dated.year_start,
        dated.year_end,
        status.status_code,
        cluster.home_region_code,
        cluster.kind_code,
        cluster.team_fte,
        status.row_id as status_row_id,
        cluster.row_id as cluster_row_id
    from dated
    left join {{ ref('fct_cluster_status') }} as status
        on {{ same('dated', 'status', world) }}
        and {{ holds_on('status', 'dated.year_end') }}
    left join {{ ref('fct_cluster_status') }} as before
        on {{ same('dated', 'before', world) }}
        and {{ holds_on('before', 'dated.year_start') }}
    left join {{ ref('dim_cluster') }} as cluster
        on {{ same('dated', 'cluster', world) }}
        and {{ holds_on('cluster', 'dated.year_end') }}
    where
        before.status_code is distinct from '{{ var("cluster_course") | last }}'
        or dated.year <= dated.last_value_year
)

select * from final
