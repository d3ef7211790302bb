{% set world = ['cluster_id', 'is_illustrative', 'year'] %}
{% set sums = [
    'employees', 'remote_employees', 'remote_residents', 'remote_residents_once', 'performed_jobs',
] %}

-- where a cluster is, where its members are, where those live who work for them remotely
with lines as (
    select
        {{ columns('cluster', world) }},
        cluster.home_region_code as region_code,
        cast(null as varchar) as organisation_id,
        0 as member_count,
        cast(null as double) as employees,
        cast(null as double) as remote_employees,
        cast(null as double) as remote_residents,
        cast(null as double) as remote_residents_once,
        cast(null as double) as performed_jobs
    from {{ ref('int_cluster__yearly') }} as cluster
    where cluster.home_region_code is not null
    union all
    select
        {{ columns('member', world) }},
        coalesce(member.region_code, '{{ var("unallocated_code") }}') as region_code,
        member.organisation_id,
        1 as member_count,
        measured.employees,
        measured.remote_employees,
        cast(null as double) as remote_residents,
        cast(null as double) as remote_residents_once,
        case
            when measured.has_remote_employees
                then measured.employees - coalesce(measured.remote_employees, 0)
        end as performed_jobs
    from {{ ref('int_member__yearly') }} as member
    left join {{ ref('int_member__measured') }} as measured
        on {{ same('member', 'measured', world) }}
        and member.organisation_id = measured.organisation_id
    where member.is_at_end
    union all
    select
        {{ columns('job', world) }},
        job.region_code,
        job.organisation_id,
        0 as member_count,
        cast(null as double) as employees,
        cast(null as double) as remote_employees,
        job.remote_count as remote_residents,
        case when job.is_counted_once then job.remote_count else 0 end as remote_residents_once,
        case when measured.employees is not null then job.remote_count end as performed_jobs
    from {{ ref('int_member__remote') }} as job
    inner join {{ ref('int_member__measured') }} as measured
        on {{ same('job', 'measured', world) }}
        and job.organisation_id = measured.organisation_id
),

regions as (
    select
        {{ columns('lines', world) }},
        lines.region_code,
        cast(sum(lines.member_count) as integer) as member_count,
        {% for sum in sums %}
        {{ exact_sum('lines.' ~ sum) }} as {{ sum }},
        {% endfor %}
        cast(count(lines.employees) as integer) as reported_count
    from lines
    group by {{ columns('lines', world) }}, lines.region_code
),

final as (
    select
        {{ columns('regions', world) }},
        regions.region_code,
        cluster.country_code,
        region.country_code as region_country_code,
        cluster.home_region_code,
        coalesce(regions.region_code = cluster.home_region_code, false) as is_home_region,
        case
            when region.region_code is not null and cluster.home_region_code is not null
                then within.region_code is not null
        end as is_within_home_region,
        regions.member_count,
        regions.reported_count,
        {{ columns('regions', sums) }},
        case
            when regions.member_count = 0 and regions.remote_residents is null
                then {{ reason('not_applicable') }}
            when regions.employees is null and regions.remote_residents is null
                then {{ reason('missing_input') }}
        end as reason_code,
        case
            when regions.employees is null and regions.remote_residents is null
                then why.obs_status
            when regions.is_illustrative then '{{ var("illustrative_status") }}'
            else '{{ var("normal_status") }}'
        end as obs_status
    from regions
    inner join {{ ref('int_cluster__yearly') }} as cluster
        on {{ same('regions', 'cluster', world) }}
    left join {{ ref('regions') }} as region on regions.region_code = region.region_code
    left join {{ ref('int_region__within') }} as within
        on regions.region_code = within.region_code
        and cluster.home_region_code = within.container_code
    left join {{ ref('reasons') }} as why
        on case
            when regions.member_count = 0 then {{ reason('not_applicable') }}
            else {{ reason('missing_input') }}
        end = why.reason_code
)

select * from final
