{% set key = ['cluster_id', 'project_id', 'is_illustrative'] %}

-- where a project takes place: its own regions, else the home region of its cluster
with regions_of_projects as (
    select
        {{ columns('project', key) }},
        {{ each_item('project.region_codes') }} as region_code
    from {{ current_rows(ref('stg_project'), ['cluster_id', 'project_id']) }} as project
),

homes as (
    select
        cluster.cluster_id,
        cluster.is_illustrative,
        cluster.home_region_code as region_code
    from {{ current_rows(ref('stg_cluster'), ['cluster_id']) }} as cluster
    where cluster.home_region_code is not null
),

projects as (
    select distinct {{ columns('value', key) }}
    from {{ ref('stg_project_value') }} as value
),

final as (
    select distinct
        {{ columns('projects', key) }},
        coalesce(regions_of_projects.region_code, homes.region_code) as region_code
    from projects
    left join regions_of_projects on {{ same('projects', 'regions_of_projects', key) }}
    left join homes
        on projects.cluster_id = homes.cluster_id
        and projects.is_illustrative = homes.is_illustrative
    where coalesce(regions_of_projects.region_code, homes.region_code) is not null
)

select * from final
