-- a figure outside of the range of its indicator, or in a unit of another kind: the catalogue lies
select
    figure.indicator_code,
    figure.region_code,
    figure.cluster_code,
    figure.year,
    figure.method_version,
    figure.unit_code,
    figure.value
from {{ ref('mart_indicator') }} as figure
inner join {{ ref('dim_indicator') }} as indicator
    on figure.indicator_code = indicator.indicator_code
inner join {{ ref('units') }} as unit on figure.unit_code = unit.unit_code
where
    figure.value < indicator.range_low - 1e-9
    or figure.value > indicator.range_high + 1e-9
    -- a change, or a part of one, has the unit of its base measure; what measures two things, as a
    -- share and a count, says in its method which
    or unit.unit_kind <> indicator.unit_kind
    and indicator.unit_kind <> 'of_base'
    and figure.method_version not like '%measure=%'
