{% set attributes = [
    'country_code', 'name_ru', 'name_en', 'home_region_code', 'further_region_codes',
    'activity_classifier', 'activity_codes', 'category_code', 'kind_code', 'founded_on',
    'manager_id', 'manager_name', 'website', 'team_fte',
] %}
{% set world = ['cluster_id', 'is_illustrative'] %}

with said as (
    select
        {{ columns('part', world) }},
        {{ columns('part', attributes) }},
        part.report_start,
        part.received_at,
        part.row_id,
        part.file_id,
        part.table_name,
        part.cell,
        row_number() over of_cluster as statement_number,
        {{ any_changed('part', attributes, 'of_cluster') }} as is_changed
    from {{ current_rows(ref('stg_cluster'), ['cluster_id', 'report_start']) }} as part
    window of_cluster as (
        partition by {{ columns('part', world) }}
        order by part.report_start nulls first
    )
),

-- the earliest days known of a cluster: what is first said of it is taken to hold since then; what
-- a register says, which speaks of no period, holds until the first report
beginnings as (
    select
        {{ columns('status', world) }},
        status.valid_from as first_on
    from {{ ref('fct_cluster_status') }} as status
    union all
    select
        {{ columns('membership', world) }},
        membership.valid_from as first_on
    from {{ ref('fct_membership') }} as membership
    union all
    select
        {{ columns('said', world) }},
        said.founded_on as first_on
    from said
),

firsts as (
    select
        {{ columns('beginnings', world) }},
        min(beginnings.first_on) as first_on
    from beginnings
    group by {{ columns('beginnings', world) }}
),

versions as (
    select
        {{ columns('said', world) }},
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
        {{ columns('versions', attributes) }},
        versions.valid_from,
        cast(lead(versions.valid_from) over of_cluster - interval 1 day as date) as valid_to,
        versions.received_at,
        versions.row_id,
        versions.file_id,
        versions.table_name,
        versions.cell
    from versions
    window of_cluster as (
        partition by {{ columns('versions', world) }}
        order by versions.statement_number
    )
),

final as (
    select
        {{ columns('dated', world) }},
        dated.valid_from,
        dated.valid_to,
        dated.valid_to is null as is_current,
        {{ columns('dated', attributes) }},
        dated.received_at,
        dated.row_id,
        dated.file_id,
        dated.table_name,
        dated.cell
    from dated
    where dated.valid_to is null or dated.valid_from <= dated.valid_to
)

select * from final
