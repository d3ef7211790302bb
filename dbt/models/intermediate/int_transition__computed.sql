with moves as (
    select
        cluster.country_code,
        cluster.year,
        cluster.base_year,
        cluster.base_status_code,
        cluster.status_code,
        count(*) as cluster_count,
        {{ any_true('cluster.is_illustrative') }} as is_illustrative
    from {{ ref('int_transition__input') }} as cluster
    where
        cluster.base_status_code is not null
        and cluster.status_code is not null
    group by
        cluster.country_code,
        cluster.year,
        cluster.base_year,
        cluster.base_status_code,
        cluster.status_code
),

stocks as (
    select
        moves.country_code,
        moves.year,
        moves.base_year,
        moves.base_status_code,
        sum(moves.cluster_count) as cluster_count,
        {{ any_true('moves.is_illustrative') }} as is_illustrative
    from moves
    group by moves.country_code, moves.year, moves.base_year, moves.base_status_code
),

statuses as (
    select distinct
        moves.country_code,
        moves.year,
        moves.base_year,
        moves.status_code
    from moves
),

-- the whole matrix of a year: a way that no cluster went has the count 0
final as (
    select
        stocks.country_code,
        stocks.year,
        stocks.base_year,
        stocks.base_status_code,
        statuses.status_code,
        coalesce(moves.cluster_count, 0) as cluster_count,
        stocks.cluster_count as stock_count,
        stocks.is_illustrative,
        case
            when stocks.cluster_count >= {{ var('minimum_transitions') }}
                then {{ share_pct('coalesce(moves.cluster_count, 0)', 'stocks.cluster_count') }}
        end as share_pct,
        case
            when stocks.cluster_count < {{ var('minimum_transitions') }}
                then {{ reason('too_few_cases') }}
        end as share_reason_code
    from stocks
    inner join statuses
        on stocks.country_code = statuses.country_code
        and stocks.year = statuses.year
        and stocks.base_year = statuses.base_year
    left join moves
        on stocks.country_code = moves.country_code
        and stocks.year = moves.year
        and stocks.base_year = moves.base_year
        and stocks.base_status_code = moves.base_status_code
        and statuses.status_code = moves.status_code
)

select * from final
