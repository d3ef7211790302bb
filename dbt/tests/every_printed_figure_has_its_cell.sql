-- a printed figure leads to an observation with the same value, unit conversion included
select
    figure.indicator_code,
    figure.region_code,
    figure.year
from {{ ref('mart_indicator') }} as figure
inner join {{ ref('indicators') }} as indicator
    on figure.indicator_code = indicator.indicator_code
    and indicator.indicator_kind = 'base'
left join {{ ref('fct_observation') }} as obs on figure.observation_id = obs.observation_id
where
    figure.indicator_code = figure.base_indicator_code
    and (
        obs.observation_id is null
        or (obs.value is null) <> (figure.value is null)
        or obs.is_illustrative <> figure.is_illustrative
    )
