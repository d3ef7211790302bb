-- the statuses of a reason are codes of their SDMX list
with final as (
    select
        why.reason_code,
        why.obs_status,
        why.conf_status
    from {{ ref('reasons') }} as why
    left join {{ ref('statuses') }} as obs
        on why.obs_status = obs.status_code
        and obs.status_kind = 'obs'
    left join {{ ref('statuses') }} as conf
        on why.conf_status = conf.status_code
        and conf.status_kind = 'conf'
    where
        obs.status_code is null
        or conf.status_code is null
)

select * from final
