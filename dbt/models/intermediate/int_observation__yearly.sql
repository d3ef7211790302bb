with located as (
    select
        latest.observation_id,
        latest.file_id,
        latest.indicator_code,
        latest.region_code,
        latest.activity_classifier,
        latest.activity_code,
        latest.period_start,
        latest.period_end,
        cast(extract(year from latest.period_end) as integer) as year,
        {{ method_version('latest') }} as method_version,
        latest.value,
        latest.unit_code,
        latest.obs_status,
        latest.conf_status,
        latest.reason_code,
        latest.is_illustrative,
        latest.correction_id,
        latest.corrected_value,
        latest.correction_status,
        {{ input_value('latest.value', 'latest.corrected_value', 'latest.correction_status') }}
            as input_value,
        {{ input_correction('latest.correction_status') }} as input_correction,
        latest.released_on,
        latest.received_at,
        region.country_code,
        region.region_level,
        region.parent_code,
        {{ peer_group('region') }} as peer_group,
        {{ is_peer('region', 'latest.period_end') }} as is_peer
    from {{ ref('int_observation__latest') }} as latest
    inner join {{ ref('regions') }} as region on latest.region_code = region.region_code
    inner join {{ ref('int_breakdown__whole') }} as whole
        on latest.breakdown_key = whole.breakdown_key
    where {{ is_of_one_year('latest') }}
),

-- several series may carry one indicator (methods, units); the longest published one leads
series as (
    select
        located.indicator_code,
        located.activity_classifier,
        located.country_code,
        located.method_version,
        located.unit_code,
        {{ any_true('not located.is_illustrative') }} as is_published,
        count(located.value) as value_count
    from located
    group by
        located.indicator_code,
        located.activity_classifier,
        located.country_code,
        located.method_version,
        located.unit_code
),

series_years as (
    select
        located.indicator_code,
        located.activity_classifier,
        located.country_code,
        located.method_version,
        located.unit_code,
        located.year,
        count(located.value) as value_count
    from located
    group by
        located.indicator_code,
        located.activity_classifier,
        located.country_code,
        located.method_version,
        located.unit_code,
        located.year
),

preferred as (
    select
        series_years.indicator_code,
        series_years.activity_classifier,
        series_years.country_code,
        series_years.method_version,
        series_years.unit_code,
        series_years.year,
        row_number() over (
            partition by
                series_years.indicator_code,
                series_years.activity_classifier,
                series_years.country_code,
                series_years.year
            order by
                case when series.is_published then 0 else 1 end asc,
                case when series_years.value_count > 0 then 0 else 1 end asc,
                series.value_count desc,
                series_years.method_version asc,
                series_years.unit_code asc
        ) as preference
    from series_years
    inner join series
        on series_years.indicator_code = series.indicator_code
        and series_years.activity_classifier = series.activity_classifier
        and series_years.country_code = series.country_code
        and series_years.method_version = series.method_version
        and series_years.unit_code = series.unit_code
),

final as (
    select
        located.observation_id,
        located.file_id,
        located.indicator_code,
        located.country_code,
        located.region_code,
        located.parent_code,
        located.region_level,
        located.peer_group,
        located.is_peer,
        located.activity_classifier,
        located.activity_code,
        located.period_start,
        located.period_end,
        located.year,
        located.method_version,
        preferred.preference = 1 as is_primary,
        located.value,
        located.unit_code,
        located.obs_status,
        located.conf_status,
        located.reason_code,
        located.is_illustrative,
        located.correction_id,
        located.corrected_value,
        located.correction_status,
        located.input_value,
        case
            when {{ is_pending('located.input_correction') }}
                then {{ reason('correction_pending') }}
            else located.reason_code
        end as input_reason_code,
        located.input_correction,
        located.released_on,
        located.received_at
    from located
    inner join preferred
        on located.indicator_code = preferred.indicator_code
        and located.activity_classifier = preferred.activity_classifier
        and located.country_code = preferred.country_code
        and located.method_version = preferred.method_version
        and located.unit_code = preferred.unit_code
        and located.year = preferred.year
)

select * from final
