{% set panel = [
    'index_code', 'index_version', 'country_code', 'peer_group', 'component_code',
] %}
{% set key = [
    'index_code', 'index_version', 'country_code', 'region_level', 'peer_group', 'year',
    'region_code', 'cluster_code', 'component_code',
] %}

with cells as (
    select
        {{ columns('cell', key) }},
        cell.period_end,
        cell.quantity_kind,
        cell.direction,
        cell.weight,
        cell.goalpost_low,
        cell.goalpost_high,
        cell.base_year,
        cell.reason_code,
        cell.is_illustrative,
        cell.correction,
        cell.imputed_part,
        cell.suppressed_part,
        cell.vintage_on,
        case when not coalesce({{ is_pending('cell.correction') }}, false) then cell.value end
            as value
    from {{ ref('int_composite__input') }} as cell
),

-- what the base year says of a component: the frame in which all years are scored
framed as (
    select
        {{ columns('cells', panel) }},
        count(*) as expected_count,
        count(cells.value) as value_count,
        min(cells.value) as lowest,
        max(cells.value) as highest,
        {{ ratio(
            ordered_sum('cells.value', 'cells.region_code, cells.cluster_code'),
            'count(cells.value)'
        ) }} as mean_value,
        max(cells.correction) as correction,
        {{ any_true('cells.is_illustrative') }} as is_illustrative
    from cells
    where cells.year = cells.base_year
    group by {{ columns('cells', panel) }}
),

frames as (
    select
        {{ columns('framed', panel) }},
        framed.expected_count,
        framed.value_count,
        framed.lowest,
        framed.highest,
        framed.mean_value,
        framed.correction,
        framed.is_illustrative,
        sqrt({{ ratio(
            ordered_sum(
                'power(cells.value - framed.mean_value, 2)', 'cells.region_code, cells.cluster_code'
            ),
            'count(cells.value)'
        ) }}) as deviation
    from framed
    inner join cells on {{ same('framed', 'cells', panel) }}
    where cells.year = cells.base_year
    group by
        {{ columns('framed', panel) }},
        framed.expected_count,
        framed.value_count,
        framed.lowest,
        framed.highest,
        framed.mean_value,
        framed.correction,
        framed.is_illustrative
),

scored as (
    select
        {{ columns('cells', key) }},
        cells.period_end,
        cells.quantity_kind,
        cells.direction,
        cells.weight,
        cells.base_year,
        cells.value,
        cells.is_illustrative,
        coalesce(frames.is_illustrative, false) as is_frame_illustrative,
        cells.correction,
        frames.correction as frame_correction,
        cells.imputed_part,
        cells.suppressed_part,
        cells.vintage_on,
        count(cells.value) over among_peers as ranked_count,
        {{ first_reason([
            [is_pending("cells.correction"), reason('correction_pending')],
            [
                "cells.value is null",
                "coalesce(cells.reason_code, case when cells.suppressed_part > 0 then "
                ~ reason('confidential_input') ~ " else " ~ reason('missing_input') ~ " end)",
            ],
            [
                "coalesce(cells.direction, '') not in ('up', 'down')",
                reason('not_applicable'),
            ],
        ]) }} as reason_code,
        {{ first_reason([
            ["frames.expected_count is null", reason('missing_input')],
            [is_pending("frames.correction"), reason('correction_pending')],
            [
                "frames.value_count < " ~ var("composite_coverage") ~ " * frames.expected_count",
                reason('incomplete_coverage'),
            ],
            ["frames.highest = frames.lowest", reason('zero_denominator')],
        ]) }} as frame_reason_code,
        {{ first_reason([
            ["cells.goalpost_low is null or cells.goalpost_high is null", reason('missing_input')],
            ["cells.goalpost_low = cells.goalpost_high", reason('zero_denominator')],
            ["cells.goalpost_low > cells.goalpost_high", reason('not_defined')],
        ]) }} as goal_reason_code,
        {{ min_max_score('cells.value', 'cells.direction', 'frames.lowest', 'frames.highest') }}
            as min_max,
        {{ z_score('cells.value', 'cells.direction', 'frames.mean_value', 'frames.deviation') }}
            as z_population,
        {{ z_score(
            'cells.value', 'cells.direction', 'frames.mean_value',
            '(frames.deviation * ' ~ sample_correction('frames.value_count') ~ ')',
        ) }} as z_sample,
        {{ goalpost_score(
            'cells.value', 'cells.direction', 'cells.goalpost_low', 'cells.goalpost_high'
        ) }} as goal,
        case
            when cells.value is not null then {{ rank_score('cells.value', 'cells.direction') }}
        end as rank_score
    from cells
    left join frames on {{ same('cells', 'frames', panel) }}
    window among_peers as (
        partition by {{ columns('cells', panel) }}, cells.year, cells.value is null
    )
),

reasoned as (
    select
        scored.*,
        case
            when scored.reason_code is not null then scored.reason_code
            when scored.ranked_count < 2 then {{ reason('too_few_regions') }}
        end as rank_reason_code,
        coalesce(scored.reason_code, scored.frame_reason_code) as min_max_reason_code,
        coalesce(scored.reason_code, scored.goal_reason_code) as goalpost_reason_code
    from scored
),

final as (
    select
        {{ columns('reasoned', key) }},
        reasoned.period_end,
        reasoned.quantity_kind,
        reasoned.direction,
        reasoned.weight,
        reasoned.base_year,
        reasoned.value,
        reasoned.is_illustrative,
        reasoned.is_frame_illustrative,
        reasoned.correction,
        reasoned.frame_correction,
        reasoned.imputed_part,
        reasoned.suppressed_part,
        reasoned.vintage_on,
        reasoned.ranked_count,
        reasoned.min_max_reason_code,
        reasoned.goalpost_reason_code,
        reasoned.rank_reason_code,
        case when reasoned.min_max_reason_code is null then {{ computed('reasoned.min_max') }} end
            as min_max,
        case
            when reasoned.min_max_reason_code is null then {{ computed('reasoned.z_population') }}
        end as z_population,
        case when reasoned.min_max_reason_code is null then {{ computed('reasoned.z_sample') }} end
            as z_sample,
        case when reasoned.goalpost_reason_code is null then {{ computed('reasoned.goal') }} end
            as goal,
        case
            when reasoned.rank_reason_code is null then cast(reasoned.rank_score as double)
        end as rank_score,
        case
            when reasoned.rank_reason_code is null
                then cast({{ borda_points('reasoned.rank_score') }} as double)
        end as borda,
        case
            when reasoned.rank_reason_code is null
                then {{ computed(
                    percentile_score('reasoned.rank_score', 'reasoned.ranked_count')
                ) }}
        end as percentile
    from reasoned
)

select * from final
