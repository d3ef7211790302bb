-- ranks exist only among figures that one source made by one definition for one year
with groups as (
    select
        benchmark.comparison_code,
        count(*) as member_count,
        count(benchmark.value) as value_count,
        count(distinct benchmark.unit_code) as unit_count,
        count(distinct benchmark.subject_code) as subject_count,
        count(distinct benchmark.source_note) as source_count,
        count(distinct benchmark.as_of_year) as year_count,
        count(benchmark.as_of_year) as dated_count
    from {{ ref('benchmarks') }} as benchmark
    where benchmark.comparison_code is not null
    group by benchmark.comparison_code
),

placed as (
    select
        benchmark.benchmark_code,
        coalesce(
            groups.member_count > 1
            and groups.value_count = groups.member_count
            and groups.dated_count = groups.member_count
            and groups.unit_count = 1
            and groups.subject_count = 1
            and groups.source_count = 1,
            false
        ) as is_comparable,
        coalesce(groups.year_count = 1, false) as is_of_one_year,
        rank() over (
            partition by benchmark.comparison_code
            order by benchmark.value desc nulls last
        ) as rank,
        groups.member_count
    from {{ ref('benchmarks') }} as benchmark
    left join groups on benchmark.comparison_code = groups.comparison_code
),

final as (
    select
        benchmark.benchmark_code,
        benchmark.subject_code,
        benchmark.territory_code,
        benchmark.territory_name,
        benchmark.as_of_year,
        benchmark.as_of_on,
        benchmark.value,
        benchmark.value_low,
        benchmark.value_high,
        benchmark.unit_code,
        benchmark.definition,
        placed.is_comparable,
        case when placed.is_comparable then benchmark.comparison_code end as comparison_code,
        case
            when placed.is_comparable then null
            when benchmark.not_comparable_reason is not null then benchmark.not_comparable_reason
            else 'Its group lacks a value or a year, or mixes units, subjects or sources.'
        end as not_comparable_reason,
        case
            when placed.is_comparable and placed.is_of_one_year
                then cast(placed.rank as integer)
        end as rank,
        case
            when placed.is_comparable and placed.is_of_one_year
                then cast(placed.member_count as integer)
        end as ranked_count,
        benchmark.source_note
    from {{ ref('benchmarks') }} as benchmark
    inner join placed on benchmark.benchmark_code = placed.benchmark_code
)

select * from final
