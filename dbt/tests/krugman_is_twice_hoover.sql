-- SPZ_KRUG = 2 · SPZ_HOOV: the two are often mislabelled for one another
select
    structure.region_code,
    structure.krugman,
    structure.hoover
from {{ ref('int_structure__computed') }} as structure
where abs(structure.krugman - 2 * structure.hoover) > 1e-9
