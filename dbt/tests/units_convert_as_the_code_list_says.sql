-- an observation carries the multiplier and the currency that the code list gives its unit
select
    obs.observation_id,
    obs.unit_code,
    obs.multiplier,
    unit.multiplier as expected_multiplier
from {{ ref('fct_observation') }} as obs
inner join {{ ref('dim_unit') }} as unit on obs.unit_code = unit.unit_code
where
    obs.multiplier <> unit.multiplier
    or obs.currency_code <> unit.currency_code
