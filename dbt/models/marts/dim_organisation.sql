{% set attributes = [
    'region_code', 'district', 'activity_classifier', 'activity_code', 'size_code', 'type_code',
] %}
{% set world = ['organisation_id', 'is_illustrative'] %}

with said as (
    select
        {{ columns('part', world) }},
        part.country_code,
        part.registry_number,
        part.name,
        {{ columns('part', attributes) }},
        part.report_start,
        part.received_at,
        part.row_id,
        part.file_id,
        part.table_name,
        part.cell,
        row_number() over of_organisation as statement_number,
        {{ any_changed('part', attributes, 'of_organisation') }} as is_changed
    from {{ current_rows(
        ref('stg_organisation'), ['organisation_id', 'report_start']
    ) }} as part
    window of_organisation as (
        partition by {{ columns('part', world) }}
        order by part.report_start nulls first
    )
),

names as (
    select
        {{ columns('spelling', world) }},
        {{ sorted_list('spelling.name') }} as names
    from {{ ref('fct_organisation_name') }} as spelling
    group by {{ columns('spelling', world) }}
),

latest as (
    select
        {{ columns('said', world) }},
        said.name,
        row_number() over (
            partition by {{ columns('said', world) }}
            order by said.statement_number desc
        ) as place
    from said
),

-- what is first said of an organisation is taken to hold since it first was a member
firsts as (
    select
        {{ columns('membership', world) }},
        min(membership.valid_from) as first_on
    from {{ ref('fct_membership') }} as membership
    group by {{ columns('membership', world) }}
),

versions as (
    select
        {{ columns('said', world) }},
        said.country_code,
        said.registry_number,
        {{ columns('said', attributes) }},
        case
            when said.statement_number = 1
                then least(firsts.first_on, said.report_start, cast(said.received_at as date))
            else said.report_start
        end as valid_from,
        said.statement_number,
        said.received_at,
        said.row_id,
        said.file_id,
        said.table_name,
        said.cell
    from said
    left join firsts on {{ same('said', 'firsts', world) }}
    where said.statement_number = 1 or said.is_changed
),

dated as (
    select
        {{ columns('versions', world) }},
        versions.country_code,
        versions.registry_number,
        {{ columns('versions', attributes) }},
        versions.valid_from,
        cast(
            lead(versions.valid_from) over (
                partition by {{ columns('versions', world) }}
                order by versions.statement_number
            ) - interval 1 day as date
        ) as valid_to,
        versions.received_at,
        versions.row_id,
        versions.file_id,
        versions.table_name,
        versions.cell
    from versions
),

final as (
    select
        {{ columns('dated', world) }},
        dated.valid_from,
        dated.valid_to,
        dated.valid_to is null as is_current,
        dated.country_code,
        dated.registry_number,
        latest.name,
        names.names,
        {{ columns('dated', attributes) }},
        dated.received_at,
        dated.row_id,
        dated.file_id,
        dated.table_name,
        dated.cell
    from dated
    inner join latest
        on {{ same('dated', 'latest', world) }}
        and latest.place = 1
    left join names on {{ same('dated', 'names', world) }}
    where dated.valid_to is null or dated.valid_from <= dated.valid_to
)

select * from final
