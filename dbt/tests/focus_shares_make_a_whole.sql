-- where a region's total is the sum of its activities, and no share is withheld so that another
-- one cannot be told, their shares sum to 1
select
    cell.base_indicator_code,
    cell.region_code,
    cell.year,
    sum(cell.focus_share) as share_sum
from {{ ref('int_specialisation__computed') }} as cell
where
    cell.is_part
    and cell.region_total_kind = 'sum_of_activities'
    and cell.region_total <> 0
group by
    cell.base_indicator_code,
    cell.activity_classifier,
    cell.region_code,
    cell.year,
    cell.unit_code,
    cell.method_version
having
    abs(sum(cell.focus_share) - 1) > 1e-9
    and max(case when cell.is_secondary then 1 else 0 end) = 0
