-- over regions and clusters the remote jobs are those of the organisations, each of them once
with organisations as (
    select
        member.organisation_id,
        member.is_illustrative,
        member.year,
        max(member.remote_employees) filter (where member.is_counted_once) as remote_employees,
        count(case when member.is_counted_once then 1 end) as counted
    from {{ ref('int_member__measured') }} as member
    where member.is_at_end
    group by member.organisation_id, member.is_illustrative, member.year
),

nation as (
    select
        organisations.is_illustrative,
        organisations.year,
        coalesce(sum(organisations.remote_employees), 0) as remote_count,
        max(organisations.counted) as counted
    from organisations
    group by organisations.is_illustrative, organisations.year
),

regions as (
    select
        part.is_illustrative,
        part.year,
        coalesce(sum(part.remote_residents_once), 0) as remote_count
    from {{ ref('mart_region_cluster_year') }} as part
    group by part.is_illustrative, part.year
)

select
    nation.is_illustrative,
    nation.year,
    nation.remote_count,
    regions.remote_count as remote_count_of_regions
from nation
left join regions
    on nation.is_illustrative = regions.is_illustrative
    and nation.year = regions.year
where
    nation.counted <> 1
    or nation.remote_count is distinct from regions.remote_count
