{% set key = ['cluster_id', 'is_illustrative', 'year'] %}
{% set network = key + ['link_type'] %}

-- two members are linked or not: direction and number of links do not count here
with pairs as (
    select distinct
        {{ columns('link', key) }},
        type.link_type,
        least(link.from_id, link.to_id) as one_id,
        greatest(link.from_id, link.to_id) as other_id
    from {{ ref('int_network__link') }} as link
    inner join {{ ref('int_network__type') }} as type
        on type.link_type in (link.link_type, '{{ var("total_code") }}')
),

ends as (
    select
        {{ columns('pairs', network) }},
        pairs.one_id as organisation_id
    from pairs
    union all
    select
        {{ columns('pairs', network) }},
        pairs.other_id as organisation_id
    from pairs
),

degrees as (
    select
        {{ columns('ends', network) }},
        ends.organisation_id,
        count(*) as degree
    from ends
    group by {{ columns('ends', network) }}, ends.organisation_id
),

-- a member without links has the degree 0, in years that the cluster has reported on
final as (
    select
        {{ columns('member', key) }},
        type.link_type,
        member.organisation_id,
        coalesce(degrees.degree, 0) as degree
    from {{ ref('int_member__yearly') }} as member
    inner join {{ ref('int_network__year') }} as years on {{ same('member', 'years', key) }}
    cross join {{ ref('int_network__type') }} as type
    left join degrees
        on {{ same('member', 'degrees', key) }}
        and member.organisation_id = degrees.organisation_id
        and type.link_type = degrees.link_type
    where member.is_at_end
)

select * from final
