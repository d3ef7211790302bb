{% set subject = [
    'index_code', 'index_version', 'country_code', 'region_level', 'peer_group', 'year',
    'period_end', 'region_code', 'cluster_code',
] %}
{% set panel = ['index_code', 'index_version', 'country_code', 'peer_group', 'year'] %}
{# every way to score and to weigh that is as good as the published one; geometric and harmonic
   means only of scores that cannot fall below zero #}
{% set alternatives = [] %}
{% for weighting, weight in [('declared', 'score.weight'), ('equal', 'cast(1 as double)')] %}
{% for column in ['goal', 'min_max', 'z_population', 'percentile'] %}
{% do alternatives.append((weighting, weight, column, 'arithmetic')) %}
{% endfor %}
{% for mean in ['geometric', 'harmonic'] %}
{% do alternatives.append((weighting, weight, 'goal', mean)) %}
{% endfor %}
{% endfor %}

with subjects as (
    select
        {{ columns('score', subject) }},
        count(score.value) as value_count,
        min(score.weight) as lowest_weight,
        max(case when score.weight > 0 then score.correction end) as correction,
        {{ any_true('score.is_illustrative or score.is_frame_illustrative') }} as is_illustrative,
        max(score.vintage_on) as vintage_on,
        {{ computed(weight_coverage('score.value', 'score.weight', 'score.component_code')) }}
            as coverage,
        {{ ratio(
            ordered_sum('score.weight * score.suppressed_part', 'score.component_code'),
            ordered_sum('score.weight', 'score.component_code')
        ) }} as suppressed_share
    from {{ ref('int_composite__normalised') }} as score
    where score.weight > 0 or score.weight is null or score.weight < 0
    group by {{ columns('score', subject) }}
),

reasoned as (
    select
        subjects.*,
        {{ first_reason([
            ["subjects.lowest_weight is null", reason('missing_input')],
            ["subjects.lowest_weight < 0", reason('negative_input')],
            [is_pending("subjects.correction"), reason('correction_pending')],
            [
                "subjects.coverage < " ~ var("composite_coverage") ~ " or subjects.coverage = 0",
                reason('incomplete_coverage'),
            ],
        ]) }} as reason_code
    from subjects
),

scored as (
    {% for weighting, weight, column, mean in alternatives %}
    select
        {{ columns('reasoned', subject) }},
        '{{ column }}/{{ weighting }}/{{ mean }}' as alternative,
        case
            when count(score.{{ column }}) = max(reasoned.value_count)
                then {{ computed(
                    arithmetic_mean('score.' ~ column, weight, 'score.component_code')
                    if mean == 'arithmetic'
                    else geometric_mean('score.' ~ column, weight, 'score.component_code')
                    if mean == 'geometric'
                    else harmonic_mean('score.' ~ column, weight, 'score.component_code')
                ) }}
        end as value
    from reasoned
    inner join {{ ref('int_composite__normalised') }} as score
        on {{ same('reasoned', 'score', subject) }}
        and score.weight > 0
    where reasoned.reason_code is null
    group by {{ columns('reasoned', subject) }}
    {% if not loop.last %}
    union all
    {% endif %}
    {% endfor %}
),

-- an alternative counts only where it gives a value to all that are ranked
compared as (
    select
        {{ columns('scored', subject) }},
        scored.alternative,
        count(*) over among_peers as subject_count,
        count(scored.value) over among_peers as value_count,
        rank() over (among_peers order by scored.value desc) as rank
    from scored
    window among_peers as (partition by {{ columns('scored', panel) }}, scored.alternative)
),

intervals as (
    select
        {{ columns('compared', subject) }},
        count(*) as alternative_count,
        max(compared.subject_count) as subject_count,
        min(compared.rank) as best_rank,
        max(compared.rank) as worst_rank,
        max(compared.rank) filter (where compared.alternative = 'goal/declared/arithmetic')
            as published_rank
    from compared
    where compared.value_count = compared.subject_count
    group by {{ columns('compared', subject) }}
),

final as (
    select
        {{ columns('reasoned', subject) }},
        reasoned.coverage,
        reasoned.suppressed_share,
        reasoned.correction,
        reasoned.is_illustrative,
        reasoned.vintage_on,
        cast(intervals.alternative_count as integer) as alternative_count,
        cast(intervals.subject_count as integer) as ranked_count,
        {{ first_reason([
            ["reasoned.reason_code is not null", "reasoned.reason_code"],
            ["intervals.subject_count is null", reason('missing_input')],
            ["intervals.subject_count < 2", reason('too_few_regions')],
        ]) }} as reason_code,
        case
            when intervals.subject_count > 1 then cast(intervals.published_rank as integer)
        end as published_rank,
        case when intervals.subject_count > 1 then cast(intervals.best_rank as double) end
            as best_rank,
        case when intervals.subject_count > 1 then cast(intervals.worst_rank as double) end
            as worst_rank
    from reasoned
    left join intervals on {{ same('reasoned', 'intervals', subject) }}
)

select * from final
