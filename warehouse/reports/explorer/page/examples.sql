-- Answers to the questions of texts.yml, in their order; {language} is ru or en.
select dim_region.name_{language} as region, year, value as wage,
    dim_unit.name_{language} as unit, rank
from mart_indicator
join dim_region using (region_code)
join dim_unit using (unit_code)
where indicator_code = 'wage_nominal' and dim_region.region_level = 1 and is_primary
    and value is not null
order by year desc, unit, rank, region;

select dim_region.name_{language} as region, dim_activity.name_{language} as activity,
    year, round(value, 2) as location_quotient
from mart_indicator
join dim_region using (region_code)
join dim_activity using (activity_classifier, activity_code)
where indicator_code = 'SPC_LQ' and value > 1.5 and is_primary
order by year desc, value desc, region, activity;

select dim_cluster.name_{language} as cluster, year, value as employees,
    conf_status, reason_code
from mart_indicator
join dim_cluster on cluster_code = cluster_id and is_current
where indicator_code = 'PRF_EMP' and method_version = 'sum=members'
order by year desc, value desc, cluster;

select dim_reason.name_{language} as reason, mart_indicator.conf_status, count(*) as figures
from mart_indicator join dim_reason using (reason_code)
group by all
order by figures desc, reason;

select title, provider_name, licence, count(*) as figures
from mart_indicator join dim_source_file using (file_id)
group by all
order by figures desc
