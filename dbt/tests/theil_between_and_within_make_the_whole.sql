select
    measure.indicator_code,
    measure.country_code,
    measure.year
from {{ ref('int_disparity__computed') }} as measure
where abs(measure.theil_t - measure.theil_t_between - measure.theil_t_within) > 1e-9
