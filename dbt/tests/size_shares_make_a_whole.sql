-- where an activity's total is the sum of its regions, their shares sum to 1
select
    cell.base_indicator_code,
    cell.country_code,
    cell.activity_code,
    cell.year,
    sum(cell.size_share) as share_sum
from {{ ref('int_specialisation__computed') }} as cell
where
    cell.reference_kind = 'sum_of_regions'
    and cell.activity_total <> 0
group by
    cell.base_indicator_code,
    cell.activity_classifier,
    cell.country_code,
    cell.region_level,
    cell.activity_code,
    cell.year,
    cell.unit_code,
    cell.method_version
having abs(sum(cell.size_share) - 1) > 1e-9
