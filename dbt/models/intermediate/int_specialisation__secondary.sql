{% set line = [
    'base_indicator_code', 'activity_classifier', 'country_code', 'peer_group', 'year',
    'unit_code', 'method_version',
] %}

with cells as (
    select
        {{ columns('cell', line) }},
        cell.region_code,
        cell.activity_code,
        cell.value,
        {{ is_suppressed('cell.value', 'cell.conf_status') }} as is_withheld,
        cell.region_total is not null and cell.region_withheld_count = 1 as is_alone_in_region,
        cell.activity_total is not null and cell.activity_withheld_count = 1
            as is_alone_in_activity
    from {{ ref('int_specialisation__input') }} as cell
    where cell.is_part
),

-- a margin and the published cells of its line leave this withheld one
given_away as (
    select
        {{ columns('cells', line) }},
        cells.region_code,
        cells.activity_code
    from cells
    where
        cells.is_withheld
        and (cells.is_alone_in_region or cells.is_alone_in_activity)
),

neighbours_in_region as (
    select
        {{ columns('given_away', line) }},
        given_away.region_code,
        given_away.activity_code,
        cells.activity_code as other_activity_code,
        row_number() over (
            partition by
                {{ columns('given_away', line) }},
                given_away.region_code,
                given_away.activity_code
            order by cells.value, cells.activity_code
        ) as place
    from given_away
    inner join cells
        on {{ same('given_away', 'cells', line) }}
        and given_away.region_code = cells.region_code
    where cells.value > 0
),

neighbours_in_activity as (
    select
        {{ columns('given_away', line) }},
        given_away.region_code,
        given_away.activity_code,
        cells.region_code as other_region_code,
        row_number() over (
            partition by
                {{ columns('given_away', line) }},
                given_away.region_code,
                given_away.activity_code
            order by cells.value, cells.region_code
        ) as place
    from given_away
    inner join cells
        on {{ same('given_away', 'cells', line) }}
        and given_away.activity_code = cells.activity_code
    where cells.value > 0
),

-- the smallest cell beside it in the region, the smallest in the activity, and the corner of the
-- two: of a rectangle of unknown cells, no margin gives one away
final as (
    select
        {{ columns('beside', line) }},
        beside.region_code,
        beside.other_activity_code as activity_code
    from neighbours_in_region as beside
    where beside.place = 1
    union
    select
        {{ columns('beside', line) }},
        beside.other_region_code as region_code,
        beside.activity_code
    from neighbours_in_activity as beside
    where beside.place = 1
    union
    select
        {{ columns('in_region', line) }},
        in_activity.other_region_code as region_code,
        in_region.other_activity_code as activity_code
    from neighbours_in_region as in_region
    inner join neighbours_in_activity as in_activity
        on {{ same('in_region', 'in_activity', line) }}
        and in_region.region_code = in_activity.region_code
        and in_region.activity_code = in_activity.activity_code
    where in_region.place = 1 and in_activity.place = 1
)

select * from final
