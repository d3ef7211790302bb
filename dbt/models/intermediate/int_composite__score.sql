-- what the index is the mean of: scores between frozen goalposts, which compare over time
with final as (
    select
        score.index_code,
        score.index_version,
        'CMP_GOAL' as score_kind,
        score.country_code,
        score.region_level,
        score.peer_group,
        score.year,
        score.period_end,
        score.region_code,
        score.cluster_code,
        score.component_code,
        score.weight,
        score.goal as value,
        score.is_illustrative,
        score.correction,
        score.imputed_part,
        score.suppressed_part,
        score.vintage_on
    from {{ ref('int_composite__normalised') }} as score
)

select * from final
