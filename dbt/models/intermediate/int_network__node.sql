{% set key = ['cluster_code', 'is_illustrative', 'year'] %}

with final as (
    select
        {{ columns('link', key) }},
        link.from_id as organisation_id
    from {{ ref('int_network__input') }} as link
    where link.from_id is not null
    union
    select
        {{ columns('link', key) }},
        link.to_id as organisation_id
    from {{ ref('int_network__input') }} as link
    where link.to_id is not null
)

select * from final
