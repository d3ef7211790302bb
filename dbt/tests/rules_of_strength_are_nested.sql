-- of the top decile is strong, and significant is qualifying
select
    cell.region_code,
    cell.activity_code
from {{ ref('int_specialisation__compared') }} as cell
where
    cell.strong_decile > cell.strong
    or cell.significant > cell.qualifying
