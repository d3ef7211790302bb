-- no business key twice among the vintages that marts read
select
    {{ business_key('latest') }},
    count(*) as row_count
from {{ ref('int_observation__latest') }} as latest
group by {{ business_key('latest') }}
having count(*) > 1
