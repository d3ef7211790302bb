-- what a quarantined or refused file holds never reaches a mart
select
    obs.file_id,
    count(*) as observation_count
from {{ ref('fct_observation') }} as obs
left join {{ ref('ops_file_outcome') }} as outcome
    on obs.file_id = outcome.file_id
    and outcome.outcome_code = 'accepted'
where outcome.file_id is null
group by obs.file_id
