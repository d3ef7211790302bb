{% set series = [
    'indicator_code', 'region_code', 'cluster_code', 'activity_classifier', 'activity_code',
    'base_indicator_code', 'method_version', 'unit_code',
] %}
{% set peers = [
    'indicator_code', 'country_code', 'peer_group', 'activity_classifier', 'activity_code',
    'year', 'base_indicator_code', 'method_version', 'unit_code',
] %}

with united as (
    select {{ columns_of_figures('figure') }}
    from {{ ref('int_indicator__united') }} as figure
    union all
    select {{ columns_of_figures('figure') }}
    from {{ ref('int_indicator__absent') }} as figure
),

figures as (
    select
        {{ columns('figure', series) }},
        figure.year,
        figure.period_end,
        figure.country_code,
        figure.region_level,
        figure.peer_group,
        figure.is_primary,
        figure.is_peer,
        figure.is_peer and figure.input_value is not null as is_ranked,
        figure.value,
        figure.corrected_value,
        figure.correction_id,
        figure.correction_status,
        figure.input_value,
        figure.input_correction,
        figure.obs_status,
        figure.reason_code,
        figure.coverage,
        figure.imputed_share,
        figure.suppressed_share,
        figure.reference_kind,
        figure.vintage_on,
        figure.region_count,
        figure.is_illustrative,
        figure.observation_id,
        figure.file_id,
        case
            when indicator.direction = 'down' then figure.input_value
            else -figure.input_value
        end as rank_value,
        indicator.formula_version,
        {{ changes_in_points('unit.unit_kind') }} as is_change_in_points,
        {{ changes_in_own_unit('unit.unit_kind') }} as is_change_in_unit
    from united as figure
    inner join {{ ref('indicators') }} as indicator
        on figure.indicator_code = indicator.indicator_code
    inner join {{ ref('units') }} as unit on figure.unit_code = unit.unit_code
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

-- years in which a region got other boundaries, seen from the end of a period
broken as (
    select distinct
        figures.region_code,
        figures.period_end
    from figures
    inner join breaks
        on figures.region_code = breaks.region_code
        and figures.period_end >= breaks.event_on
        and figures.period_end < {{ a_year_after('breaks.event_on') }}
),

periods as (
    select distinct
        figures.country_code,
        figures.period_end
    from figures
),

-- the last change of boundaries in a country: until when its regions were others
versions as (
    select
        period.country_code,
        period.period_end,
        max(link.event_on) as event_on
    from periods as period
    inner join {{ ref('regions') }} as region on period.country_code = region.country_code
    inner join {{ ref('region_links') }} as link
        on region.region_code = link.from_code
        and period.period_end >= link.event_on
    group by period.country_code, period.period_end
),

-- each figure beside the year before in its series, and beside its peers
placed as (
    select
        {{ columns('figures', series) }},
        figures.year,
        figures.period_end,
        figures.country_code,
        figures.region_level,
        figures.peer_group,
        figures.is_primary,
        figures.is_ranked,
        figures.value,
        figures.corrected_value,
        figures.correction_id,
        figures.correction_status,
        figures.input_value,
        figures.input_correction,
        figures.obs_status,
        figures.reason_code,
        figures.coverage,
        figures.imputed_share,
        figures.suppressed_share,
        figures.reference_kind,
        figures.vintage_on,
        figures.region_count,
        figures.is_illustrative,
        figures.observation_id,
        figures.file_id,
        figures.formula_version,
        figures.is_change_in_points,
        figures.is_change_in_unit,
        lag(figures.year) over in_series as before_year,
        lag(figures.input_value) over in_series as before_value,
        lag(figures.input_correction) over in_series as before_correction,
        lag(figures.is_illustrative) over in_series as is_before_illustrative,
        lag(figures.region_count) over in_series as before_region_count,
        max(case when figures.value is not null then figures.year end) over whole_series
            as newest_year,
        rank() over among_peers as rank,
        count(case when figures.is_ranked then 1 end) over all_peers as ranked_count,
        bool_or(figures.is_ranked and figures.is_illustrative) over all_peers
            as is_rank_illustrative,
        max(case when figures.is_peer then figures.input_correction end) over all_peers
            as rank_correction
    from figures
    -- two orders serve all windows: the ranked stand before the others of their peers
    window
        in_series as (partition by {{ columns('figures', series) }} order by figures.year),
        whole_series as (
            partition by {{ columns('figures', series) }} order by figures.year
            rows between unbounded preceding and unbounded following
        ),
        among_peers as (
            partition by {{ columns('figures', peers) }}
            order by figures.is_ranked desc, figures.rank_value asc
        ),
        all_peers as (
            partition by {{ columns('figures', peers) }}
            order by figures.is_ranked desc, figures.rank_value asc
            rows between unbounded preceding and unbounded following
        )
),

compared as (
    select
        {{ columns('placed', series) }},
        placed.year,
        placed.period_end,
        placed.country_code,
        placed.region_level,
        placed.peer_group,
        placed.is_primary,
        placed.value,
        placed.corrected_value,
        placed.correction_id,
        placed.correction_status,
        coalesce(
            placed.obs_status,
            why.obs_status,
            case when placed.is_illustrative then '{{ var("illustrative_status") }}' end,
            '{{ var("normal_status") }}'
        ) as obs_status,
        placed.reason_code,
        placed.coverage,
        placed.imputed_share,
        placed.suppressed_share,
        placed.reference_kind,
        placed.vintage_on,
        placed.region_count,
        placed.is_illustrative,
        placed.formula_version,
        placed.observation_id,
        placed.file_id,
        placed.rank,
        placed.is_rank_illustrative,
        placed.is_before_illustrative,
        case
            when placed.is_ranked or {{ is_pending('placed.input_correction') }}
                then placed.rank_correction
        end as rank_correction,
        case
            when placed.before_year = placed.year - 1
                then {{ worst_correction(['placed.input_correction', 'placed.before_correction']) }}
            else placed.input_correction
        end as change_correction,
        case when placed.is_ranked then placed.ranked_count else 0 end as ranked_count,
        placed.value is not null and placed.year = placed.newest_year as is_latest,
        case
            when placed.is_change_in_points then 'percentage_points'
            when placed.is_change_in_unit then placed.unit_code
            else 'per_cent'
        end as change_unit_code,
        case
            when placed.is_change_in_points or placed.is_change_in_unit
                then {{ absolute_change('placed.input_value', 'placed.before_value') }}
            else 100 * ({{ relative_change('placed.input_value', 'placed.before_value') }})
        end as change,
        {{ first_reason([
            ["placed.value is null", "placed.reason_code"],
            [
                is_pending('placed.input_correction') ~ " or placed.before_year = placed.year - 1 and "
                ~ is_pending('placed.before_correction'),
                reason('correction_pending'),
            ],
            [
                "placed.before_value is null or placed.before_year <> placed.year - 1",
                reason('missing_input'),
            ],
            [
                "broken.region_code is not null "
                ~ "or placed.region_count <> placed.before_region_count",
                reason('boundary_break'),
            ],
            ["placed.is_change_in_points or placed.is_change_in_unit", "null"],
            ["placed.before_value = 0", reason('zero_denominator')],
            ["placed.before_value < 0", reason('negative_input')],
        ]) }} as change_reason_code
    from placed
    left join broken
        on placed.region_code = broken.region_code
        and placed.period_end = broken.period_end
    left join {{ ref('reasons') }} as why on placed.reason_code = why.reason_code
),

final as (
    select
        compared.indicator_code,
        compared.region_code,
        compared.cluster_code,
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
        compared.corrected_value,
        compared.correction_id,
        compared.correction_status,
        {{ has_correction('compared.correction_status') }} as has_correction,
        compared.obs_status,
        compared.reason_code,
        compared.coverage,
        compared.imputed_share,
        compared.suppressed_share,
        compared.reference_kind,
        compared.vintage_on,
        compared.formula_version,
        cast(versions.event_on as date) as boundary_version,
        cast(compared.region_count as integer) as region_count,
        compared.is_illustrative,
        compared.is_primary,
        compared.is_latest,
        case when compared.ranked_count > 1 then cast(compared.rank as integer) end
            as rank,
        case when compared.ranked_count > 0 then cast(compared.ranked_count as integer) end
            as ranked_count,
        case when compared.ranked_count > 1 then compared.is_rank_illustrative end
            as is_rank_illustrative,
        compared.rank_correction as rank_correction_status,
        case when compared.change_reason_code is null then {{ computed('compared.change') }} end
            as change,
        compared.change_unit_code,
        compared.change_reason_code,
        case
            when coalesce(compared.change_reason_code, 'correction_pending') = 'correction_pending'
                then compared.change_correction
        end as change_correction_status,
        case
            when compared.change_reason_code is null
                then compared.is_illustrative or compared.is_before_illustrative
        end as is_change_illustrative,
        compared.period_end,
        compared.observation_id,
        compared.file_id
    from compared
    left join versions
        on compared.country_code = versions.country_code
        and compared.period_end = versions.period_end
)

select * from final
-- rows of a region and year lie side by side: a question to one of them reads no others
order by region_code, year
