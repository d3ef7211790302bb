{% set key = ['cluster_id', 'is_illustrative', 'year'] %}

-- links in force in the year, as the cluster reports them, between two who are members at its end
with final as (
    select
        {{ columns('giver', key) }},
        link.link_type,
        link.from_id,
        link.to_id,
        link.valid_from
    from {{ ref('fct_link') }} as link
    inner join {{ ref('int_member__yearly') }} as giver
        on link.cluster_id = giver.cluster_id
        and link.is_illustrative = giver.is_illustrative
        and link.from_id = giver.organisation_id
        and giver.is_at_end
    inner join {{ ref('int_member__yearly') }} as taker
        on {{ same('giver', 'taker', key) }}
        and link.to_id = taker.organisation_id
        and taker.is_at_end
    where
        link.link_level = {{ code('link_level', 'organisation') }}
        and link.from_id <> link.to_id
        and {{ is_in_force('link', 'giver.year') }}
)

select * from final
