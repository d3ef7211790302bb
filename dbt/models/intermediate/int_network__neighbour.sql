{% set key = ['cluster_code', 'is_illustrative', 'year'] %}

-- two members are linked or not: direction and number of links do not count here
with typed as (
    select
        {{ columns('link', key) }},
        link.link_type,
        link.from_id,
        link.to_id
    from {{ ref('int_network__input') }} as link
    where link.from_id <> link.to_id and link.link_type is not null
    union all
    select
        {{ columns('link', key) }},
        '{{ var("total_code") }}' as link_type,
        link.from_id,
        link.to_id
    from {{ ref('int_network__input') }} as link
    where link.from_id <> link.to_id
),

final as (
    select
        {{ columns('typed', key) }},
        typed.link_type,
        typed.from_id as organisation_id,
        typed.to_id as other_id
    from typed
    union
    select
        {{ columns('typed', key) }},
        typed.link_type,
        typed.to_id as organisation_id,
        typed.from_id as other_id
    from typed
)

select * from final
