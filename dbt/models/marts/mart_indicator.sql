{% set series = [
    'indicator_code', 'region_code', 'activity_classifier', 'activity_code',
    'base_indicator_code', 'method_version', 'unit_code',
] %}
{% set peers = [
    'indicator_code', 'country_code', 'peer_group', 'activity_classifier', 'activity_code',
    'year', 'base_indicator_code', 'method_version', 'unit_code',
] %}

with figures as (
    select
        {{ columns('figure', series) }},
        figure.year,
        figure.period_end,
        figure.country_code,
        figure.region_level,
        figure.peer_group,
        figure.is_primary,
        figure.is_peer and figure.value is not null as is_ranked,
        figure.value,
        figure.obs_status,
        figure.reason_code,
        figure.coverage,
        figure.region_count,
        figure.is_illustrative,
        figure.observation_id,
        figure.file_id,
        case
            when indicator.direction = 'down' then figure.value
            else -figure.value
        end as rank_value,
        {{ changes_in_points('unit.unit_kind') }} as is_change_in_points,
        {{ changes_in_own_unit('unit.unit_kind') }} as is_change_in_unit
    from {{ ref('int_indicator__united') }} as figure
    inner join {{ ref('indicators') }} as indicator
        on figure.indicator_code = indicator.indicator_code
    inner join {{ ref('units') }} as unit on figure.unit_code = unit.unit_code
),

ranked as (
    select
        {{ columns('figures', series) }},
        figures.year,
        rank() over (
            partition by {{ columns('figures', peers) }}
            order by figures.rank_value
        ) as rank,
        count(*) over (partition by {{ columns('figures', peers) }}) as ranked_count,
        bool_or(figures.is_illustrative) over (
            partition by {{ columns('figures', peers) }}
        ) as is_illustrative
    from figures
    where figures.is_ranked
),

breaks as (
    select
        link.from_code as region_code,
        link.event_on
    from {{ ref('region_links') }} as link
    where link.event_kind in ('split', 'merged')
    union
    select
        link.to_code as region_code,
        link.event_on
    from {{ ref('region_links') }} as link
    where link.event_kind in ('split', 'merged')
),

-- the year before, in the same series
before as (
    select
        {{ columns('figures', series) }},
        figures.year,
        earlier.value,
        earlier.is_illustrative,
        figures.region_count <> earlier.region_count as is_other_regions,
        exists(
            select 1
            from breaks
            where
                figures.region_code = breaks.region_code
                and breaks.event_on > earlier.period_end
                and breaks.event_on <= figures.period_end
        ) as is_other_boundary
    from figures
    inner join figures as earlier
        on {{ same('figures', 'earlier', series) }}
        and figures.year - 1 = earlier.year
),

newest as (
    select
        {{ columns('figures', series) }},
        max(figures.year) as year
    from figures
    where figures.value is not null
    group by {{ columns('figures', series) }}
),

compared as (
    select
        {{ columns('figures', series) }},
        figures.year,
        figures.period_end,
        figures.country_code,
        figures.region_level,
        figures.peer_group,
        figures.is_primary,
        figures.value,
        coalesce(figures.obs_status, why.obs_status, '{{ var("normal_status") }}') as obs_status,
        figures.reason_code,
        figures.coverage,
        figures.region_count,
        figures.is_illustrative,
        figures.observation_id,
        figures.file_id,
        ranked.rank,
        ranked.ranked_count,
        ranked.is_illustrative as is_rank_illustrative,
        newest.year is not null as is_latest,
        before.is_illustrative as is_before_illustrative,
        case
            when figures.is_change_in_points then 'percentage_points'
            when figures.is_change_in_unit then figures.unit_code
            else 'per_cent'
        end as change_unit_code,
        case
            when figures.is_change_in_points or figures.is_change_in_unit
                then {{ absolute_change('figures.value', 'before.value') }}
            else 100 * ({{ relative_change('figures.value', 'before.value') }})
        end as change,
        {{ first_reason([
            ["figures.value is null", "figures.reason_code"],
            ["before.value is null", reason('missing_input')],
            ["before.is_other_boundary or before.is_other_regions", reason('boundary_break')],
            ["figures.is_change_in_points or figures.is_change_in_unit", "null"],
            ["before.value = 0", reason('zero_denominator')],
            ["before.value < 0", reason('negative_input')],
        ]) }} as change_reason_code
    from figures
    left join ranked
        on {{ same('figures', 'ranked', series) }}
        and figures.year = ranked.year
    left join before
        on {{ same('figures', 'before', series) }}
        and figures.year = before.year
    left join newest
        on {{ same('figures', 'newest', series) }}
        and figures.year = newest.year
    left join {{ ref('reasons') }} as why on figures.reason_code = why.reason_code
),

final as (
    select
        compared.indicator_code,
        compared.region_code,
        compared.country_code,
        compared.region_level,
        compared.peer_group,
        compared.activity_classifier,
        compared.activity_code,
        compared.year,
        compared.base_indicator_code,
        compared.method_version,
        compared.unit_code,
        compared.value,
        compared.obs_status,
        compared.reason_code,
        compared.coverage,
        cast(compared.region_count as integer) as region_count,
        compared.is_illustrative,
        compared.is_primary,
        compared.is_latest,
        case when compared.ranked_count > 1 then cast(compared.rank as integer) end
            as rank,
        cast(compared.ranked_count as integer) as ranked_count,
        case when compared.ranked_count > 1 then compared.is_rank_illustrative end
            as is_rank_illustrative,
        case when compared.change_reason_code is null then {{ computed('compared.change') }} end
            as change,
        compared.change_unit_code,
        compared.change_reason_code,
        case
            when compared.change_reason_code is null
                then compared.is_illustrative or compared.is_before_illustrative
        end as is_change_illustrative,
        compared.period_end,
        compared.observation_id,
        compared.file_id
    from compared
)

select * from final
