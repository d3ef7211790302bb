-- SPC_LQ_LO <= SPC_LQ <= SPC_LQ_HI, and both bounds or none
select
    cell.region_code,
    cell.activity_code,
    cell.location_quotient,
    cell.quotient_low,
    cell.quotient_high
from {{ ref('int_specialisation__computed') }} as cell
where
    cell.location_quotient < cell.quotient_low
    or cell.location_quotient > cell.quotient_high
    or cell.quotient_low > cell.quotient_high
    or (cell.quotient_low is null) <> (cell.quotient_high is null)
