{% set project = ['cluster_id', 'project_id', 'is_illustrative'] %}
{% set key = project + ['indicator_code', 'year', 'value_kind', 'stated_on'] %}

-- what counts of each figure, in its base unit
with stated as (
    select
        {{ columns('value', project) }},
        value.indicator_code,
        cast(extract(year from value.value_end) as integer) as year,
        value.value_kind,
        value.stated_on,
        {{ computed('value.value * value.multiplier') }} as value,
        unit.base_unit_code as unit_code,
        value.boundary_version,
        {{ day_of_boundaries('value.boundary_version') }} as boundary_on,
        value.value_end,
        value.method_note,
        value.note,
        value.obs_status,
        value.reason_code,
        value.row_id,
        value.file_id,
        value.table_name,
        value.cell,
        value.value_printed,
        value.received_at
    from {{ current_rows(ref('stg_project_value'), [
        'cluster_id', 'project_id', 'indicator_code', 'value_start', 'value_end', 'value_kind',
        'stated_on',
    ]) }} as value
    inner join {{ ref('units') }} as unit on value.unit_code = unit.unit_code
),

-- days on which a region got other boundaries; a renaming leaves them as they are
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

located as (
    select distinct
        {{ columns('territory', project) }}
    from {{ ref('int_project__territory') }} as territory
),

project_breaks as (
    select distinct
        {{ columns('territory', project) }},
        breaks.event_on
    from {{ ref('int_project__territory') }} as territory
    inner join breaks on territory.region_code = breaks.region_code
),

-- the last change of boundaries that the value knows of: a stated year means its end, and a value
-- that states none follows the boundaries at the end of its own period
changed as (
    select
        {{ columns('stated', key) }},
        max(project_breaks.event_on) as changed_on
    from stated
    inner join project_breaks
        on {{ same('stated', 'project_breaks', project) }}
        and coalesce(stated.boundary_on, stated.value_end) >= project_breaks.event_on
    group by {{ columns('stated', key) }}
),

final as (
    select
        {{ columns('stated', key) }},
        stated.value,
        stated.unit_code,
        stated.boundary_version,
        case
            when stated.boundary_version is not null and stated.boundary_on is null
                then stated.boundary_version
            when located.project_id is null
                then cast(coalesce(stated.boundary_on, stated.value_end) as varchar)
            else coalesce(cast(changed.changed_on as varchar), '{{ var("not_applicable_code") }}')
        end as territory_version,
        stated.method_note,
        stated.note,
        stated.obs_status,
        stated.reason_code,
        stated.row_id,
        stated.file_id,
        stated.table_name,
        stated.cell,
        stated.value_printed,
        stated.received_at
    from stated
    left join located on {{ same('stated', 'located', project) }}
    left join changed on {{ same('stated', 'changed', key) }}
)

select * from final
