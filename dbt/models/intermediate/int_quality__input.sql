{% set series = [
    'indicator_code', 'country_code', 'region_level', 'peer_group', 'cells_kind', 'unit_code',
    'method_version',
] %}

with clock as (
    select cast(said.built_at as date) as today
    from {{ source('staged', 'build') }} as said
),

-- the first of the vintages of a figure, where there are more than one
restated as (
    select
        max(vintage.observation_id) filter (where vintage.vintage_number = 1) as observation_id,
        max(vintage.value) filter (where vintage.vintage_number = vintage.vintage_count)
            as first_value,
        min(vintage.released_on) as first_released_on
    from {{ ref('int_observation__vintage') }} as vintage
    where vintage.vintage_count > 1
    group by
        vintage.contract_id,
        vintage.indicator_code,
        vintage.region_code,
        vintage.activity_classifier,
        vintage.activity_code,
        vintage.breakdown_key,
        vintage.period_start,
        vintage.period_end,
        vintage.unit_code,
        vintage.price_base
),

cells as (
    select
        yearly.indicator_code,
        yearly.country_code,
        yearly.region_level,
        yearly.peer_group,
        case
            when yearly.activity_classifier = '{{ var("not_applicable_code") }}' then 'regions'
            else 'regions_by_' || yearly.activity_classifier
        end as cells_kind,
        yearly.unit_code,
        yearly.method_version,
        yearly.year,
        yearly.period_end,
        yearly.region_code,
        yearly.activity_code,
        yearly.input_value as value,
        yearly.obs_status,
        yearly.conf_status,
        yearly.reason_code,
        yearly.input_correction as correction,
        yearly.is_illustrative,
        yearly.observation_id,
        yearly.file_id,
        coalesce(restated.first_released_on, yearly.released_on) as released_on,
        restated.first_value,
        {{ known_on('yearly') }} as vintage_on
    from {{ ref('int_observation__yearly') }} as yearly
    left join restated on yearly.observation_id = restated.observation_id
    where
        yearly.is_primary
        and (yearly.is_peer or yearly.region_level = 0)
),

-- when a source owes its next figures: the contract says how late after the year they come
owed as (
    select
        {{ columns('cells', series) }},
        min(cells.year) as first_year,
        max(cells.year) as last_year,
        max(cells.period_end) as last_period_end,
        max(case when contract.cadence_code = 'yearly' then contract.due_after_days end)
            as due_after_days
    from cells
    inner join {{ ref('dim_source_file') }} as contract on cells.file_id = contract.file_id
    where cells.cells_kind = 'regions'
    group by {{ columns('cells', series) }}
),

calendar as (
    select
        {{ columns('owed', series) }},
        {{ each_year(
            'owed.first_year',
            "greatest(owed.last_year, coalesce(extract(year from "
            ~ days_before('clock.today', 'owed.due_after_days') ~ ") - 1, owed.last_year))"
        ) }} as year,
        owed.last_year,
        owed.last_period_end
    from owed
    cross join clock
),

dates as (
    select
        {{ columns('calendar', series) }},
        cast(calendar.year as integer) as year,
        {{ years_after('calendar.last_period_end', 'calendar.year - calendar.last_year') }}
            as period_end
    from calendar
),

expected as (
    select
        {{ columns('dates', series) }},
        dates.year,
        dates.period_end,
        region.region_code
    from dates
    inner join {{ ref('regions') }} as region
        on dates.country_code = region.country_code
        and dates.region_level = region.region_level
        and dates.peer_group = {{ peer_group('region') }}
    where not region.is_residual and {{ is_valid_on('region', 'dates.period_end') }}
),

-- what stands for the whole country in the same series
wholes as (
    select
        cells.indicator_code,
        cells.country_code,
        cells.unit_code,
        cells.method_version,
        cells.year,
        cells.value,
        cells.correction,
        cells.is_illustrative,
        printed.value_digits as decimals,
        {{ half_of_last_digit('printed.value_digits') }}
        * abs({{ ratio('cells.value', 'printed.value') }}) as rounding
    from cells
    inner join {{ ref('stg_observation') }} as printed
        on cells.observation_id = printed.observation_id
    inner join {{ ref('indicators') }} as indicator
        on cells.indicator_code = indicator.indicator_code
    where
        cells.cells_kind = 'regions'
        and cells.region_level = 0
        and indicator.is_additive
),

known_years as (
    select distinct cells.year
    from cells
),

totals as (
    select
        {{ columns('expected', series) }},
        expected.year,
        expected.period_end,
        expected.region_code,
        '{{ var("total_code") }}' as activity_code,
        cells.value,
        cells.obs_status,
        cells.conf_status,
        cells.reason_code,
        cells.released_on,
        cells.first_value,
        cells.is_illustrative,
        cells.correction,
        cells.vintage_on
    from expected
    left join cells
        on {{ same('expected', 'cells', series) }}
        and expected.year = cells.year
        and expected.region_code = cells.region_code
        and cells.activity_code = '{{ var("total_code") }}'
),

-- lines of activities have no calendar of their own: each of them is expected of each region
lines as (
    select
        {{ columns('cells', series) }},
        cells.year,
        cells.period_end,
        cells.region_code,
        cells.activity_code,
        cells.value,
        cells.obs_status,
        cells.conf_status,
        cells.reason_code,
        cells.released_on,
        cells.first_value,
        cells.is_illustrative,
        cells.correction,
        cells.vintage_on
    from cells
    where cells.cells_kind <> 'regions'
),

shapes as (
    select
        {{ columns('lines', series) }},
        lines.year,
        count(distinct lines.activity_code) as activity_count,
        max(lines.period_end) as period_end
    from lines
    group by {{ columns('lines', series) }}, lines.year
),

shape_sizes as (
    select
        {{ columns('shapes', series) }},
        shapes.year,
        shapes.activity_count * count(*) as expected_count
    from shapes
    inner join {{ ref('regions') }} as region
        on shapes.country_code = region.country_code
        and shapes.region_level = region.region_level
        and shapes.peer_group = {{ peer_group('region') }}
    where not region.is_residual and {{ is_valid_on('region', 'shapes.period_end') }}
    group by {{ columns('shapes', series) }}, shapes.year, shapes.activity_count
),

final as (
    select
        {{ columns('totals', series) }},
        totals.year,
        totals.period_end,
        totals.region_code,
        totals.activity_code,
        totals.value,
        cast(null as bigint) as expected_count,
        totals.obs_status,
        totals.conf_status,
        totals.reason_code,
        totals.released_on,
        totals.first_value,
        case when totals.region_level > 0 then wholes.value end as total,
        wholes.decimals,
        wholes.rounding,
        coalesce(totals.is_illustrative, false) as is_illustrative,
        totals.correction,
        case when totals.region_level > 0 then wholes.correction end as total_correction,
        totals.vintage_on,
        known_years.year is not null as is_known_year
    from totals
    left join wholes
        on totals.indicator_code = wholes.indicator_code
        and totals.country_code = wholes.country_code
        and totals.unit_code = wholes.unit_code
        and totals.method_version = wholes.method_version
        and totals.year = wholes.year
    left join known_years on totals.year = known_years.year
    union all
    select
        {{ columns('lines', series) }},
        lines.year,
        lines.period_end,
        lines.region_code,
        lines.activity_code,
        lines.value,
        shape_sizes.expected_count,
        lines.obs_status,
        lines.conf_status,
        lines.reason_code,
        lines.released_on,
        lines.first_value,
        cast(null as double) as total,
        cast(null as tinyint) as decimals,
        cast(null as double) as rounding,
        lines.is_illustrative,
        lines.correction,
        cast(null as varchar) as total_correction,
        lines.vintage_on,
        true as is_known_year
    from lines
    inner join shape_sizes
        on {{ same('lines', 'shape_sizes', series) }}
        and lines.year = shape_sizes.year
)

select * from final
