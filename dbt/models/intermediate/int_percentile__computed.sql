{% set panel = [
    'indicator_code', 'country_code', 'peer_group', 'year', 'unit_code', 'method_version',
] %}

with ranked as (
    select
        region.*,
        count(*) over among_all as expected_count,
        count(*) over among_peers as value_count,
        count(*) over (
            partition by {{ columns('region', panel) }}, region.value
        ) as tie_count,
        rank() over (
            among_peers
            order by case when region.direction = 'down' then -region.value else region.value end
        ) as rank_from_worst,
        bool_or(region.is_illustrative) over among_peers as is_rank_illustrative
    from {{ ref('int_percentile__input') }} as region
    window
        among_all as (partition by {{ columns('region', panel) }}),
        among_peers as (partition by {{ columns('region', panel) }}, region.value is null)
),

reasoned as (
    select
        ranked.*,
        {{ first_reason([
            [is_pending("ranked.correction"), reason('correction_pending')],
            [
                "ranked.value is null and ranked.suppressed_part > 0",
                reason('confidential_input'),
            ],
            ["ranked.value is null", "coalesce(ranked.reason_code, " ~ reason('missing_input') ~ ")"],
            ["ranked.value_count < 2", reason('too_few_regions')],
        ]) }} as percentile_reason_code
    from ranked
),

final as (
    select
        {{ columns('reasoned', panel) }},
        reasoned.region_level,
        reasoned.period_end,
        reasoned.region_code,
        reasoned.direction,
        cast(reasoned.value_count as integer) as ranked_count,
        {{ ratio('cast(reasoned.value_count as double)', 'reasoned.expected_count') }} as coverage,
        reasoned.is_rank_illustrative as is_illustrative,
        reasoned.correction,
        reasoned.imputed_part,
        reasoned.suppressed_part,
        reasoned.vintage_on,
        reasoned.percentile_reason_code as reason_code,
        case
            when reasoned.percentile_reason_code is null
                then {{ computed(percentile_rank(
                    'reasoned.rank_from_worst', 'reasoned.tie_count', 'reasoned.value_count'
                )) }}
        end as percentile_rank
    from reasoned
)

select * from final
