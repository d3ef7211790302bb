-- an indicator without a row for a country, region or cluster in a year: neither value nor reason
with subjects as (
    select
        place.region_code,
        '{{ var("not_applicable_code") }}' as cluster_code,
        place.year,
        case when place.region_level = 0 then 'C' else 'R' end as level_start
    from {{ ref('mart_region_year') }} as place
    inner join {{ ref('dim_region') }} as region on place.region_code = region.region_code
    where not region.is_residual
    union
    select
        cast(null as varchar) as region_code,
        cluster.cluster_id as cluster_code,
        cluster.year,
        'K' as level_start
    from {{ ref('mart_cluster_year') }} as cluster
),

expected as (
    select
        subjects.region_code,
        subjects.cluster_code,
        subjects.year,
        indicator.indicator_code
    from subjects
    inner join {{ ref('dim_indicator') }} as indicator
        on indicator.indicator_kind = 'derived'
        and subjects.level_start = case
            when indicator.level_code in ('C', 'CA') then 'C'
            when indicator.level_code in ('R', 'RA') then 'R'
            when indicator.level_code in ('K', 'RK') then 'K'
        end
),

present as (
    select distinct
        figure.indicator_code,
        case
            when figure.cluster_code = '{{ var("not_applicable_code") }}' then figure.region_code
        end as region_code,
        figure.cluster_code,
        figure.year
    from {{ ref('mart_indicator') }} as figure
)

select
    expected.indicator_code,
    expected.region_code,
    expected.cluster_code,
    expected.year
from expected
left join present
    on expected.indicator_code = present.indicator_code
    and expected.cluster_code = present.cluster_code
    and expected.year = present.year
    and expected.region_code is not distinct from present.region_code
where present.indicator_code is null
