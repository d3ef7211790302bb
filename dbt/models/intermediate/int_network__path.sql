{% set key = ['cluster_code', 'is_illustrative', 'year'] %}

with neighbours as (
    select
        {{ columns('neighbour', key) }},
        neighbour.organisation_id,
        neighbour.other_id
    from {{ ref('int_network__neighbour') }} as neighbour
    where neighbour.link_type = '{{ var("total_code") }}'
),

final as (
    {{ shortest_paths(key, ref('int_network__node'), 'neighbours') }}
)

select * from final
