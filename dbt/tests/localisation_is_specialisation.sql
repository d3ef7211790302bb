-- SPC_KL = SPC_IS by algebra: a difference is an error in the data
select
    cell.region_code,
    cell.activity_code,
    cell.localisation,
    cell.specialisation
from {{ ref('int_specialisation__computed') }} as cell
where
    abs(cell.localisation - cell.specialisation) > 1e-9 * greatest(cell.specialisation, 1)
    or (cell.localisation is null) <> (cell.specialisation is null)
