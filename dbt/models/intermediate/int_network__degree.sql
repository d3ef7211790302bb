{% set key = ['cluster_code', 'is_illustrative', 'year'] %}
{% set total = "'" ~ var('total_code') ~ "'" %}

with degrees as (
    select
        {{ columns('neighbour', key) }},
        neighbour.link_type,
        neighbour.organisation_id,
        count(*) as degree
    from {{ ref('int_network__neighbour') }} as neighbour
    group by {{ columns('neighbour', key) }}, neighbour.link_type, neighbour.organisation_id
),

sizes as (
    select
        {{ columns('node', key) }},
        count(*) as member_count
    from {{ ref('int_network__node') }} as node
    group by {{ columns('node', key) }}
),

reported as (
    select
        {{ columns('link', key) }},
        {{ any_true('link.is_reported') }} as is_reported
    from {{ ref('int_network__input') }} as link
    group by {{ columns('link', key) }}
),

-- ways from a member to all others that it reaches, itself left out
distances as (
    select
        {{ columns('path', key) }},
        path.source_id as organisation_id,
        count(*) as reached_count,
        sum(path.distance) as distance_sum
    from {{ ref('int_network__path') }} as path
    where path.distance > 0
    group by {{ columns('path', key) }}, path.source_id
),

-- of the shortest ways between two others, the part that leads through a member
betweens as (
    select
        {{ columns('here', key) }},
        here.source_id as organisation_id,
        {{ ordered_sum(
            'here.path_count * onward.path_count / whole.path_count',
            'whole.source_id, whole.target_id'
        ) }} as pair_share
    from {{ ref('int_network__path') }} as here
    inner join {{ ref('int_network__path') }} as onward
        on {{ same('here', 'onward', key) }}
        and here.source_id = onward.source_id
        and here.target_id < onward.target_id
    inner join {{ ref('int_network__path') }} as whole
        on {{ same('here', 'whole', key) }}
        and here.target_id = whole.source_id
        and onward.target_id = whole.target_id
        and here.distance + onward.distance = whole.distance
    where here.distance > 0 and onward.distance > 0
    group by {{ columns('here', key) }}, here.source_id
),

-- pairs of neighbours of a member that are linked themselves
closed as (
    select
        {{ columns('one', key) }},
        one.organisation_id,
        count(*) as closed_pair_count
    from {{ ref('int_network__neighbour') }} as one
    inner join {{ ref('int_network__neighbour') }} as two
        on {{ same('one', 'two', key) }}
        and one.organisation_id = two.organisation_id
        and one.other_id < two.other_id
        and two.link_type = {{ total }}
    inner join {{ ref('int_network__neighbour') }} as third
        on {{ same('one', 'third', key) }}
        and one.other_id = third.organisation_id
        and two.other_id = third.other_id
        and third.link_type = {{ total }}
    where one.link_type = {{ total }}
    group by {{ columns('one', key) }}, one.organisation_id
),

types as (
    select distinct neighbour.link_type
    from {{ ref('int_network__neighbour') }} as neighbour
    union
    select type.link_type
    from {{ ref('int_network__type') }} as type
),

-- a member without links has the degree 0; ways are followed over links of all types
final as (
    select
        {{ columns('node', key) }},
        types.link_type,
        node.organisation_id,
        reported.is_reported,
        sizes.member_count,
        coalesce(degrees.degree, 0) as degree,
        case when types.link_type = {{ total }} then coalesce(closed.closed_pair_count, 0) end
            as closed_pair_count,
        case when types.link_type = {{ total }} then coalesce(distances.reached_count, 0) end
            as reached_count,
        case
            when types.link_type = {{ total }} and reported.is_reported
                then {{ computed(normalised_degree(
                    'coalesce(degrees.degree, 0)', 'sizes.member_count'
                )) }}
        end as normalised_degree,
        case
            when types.link_type = {{ total }} and reported.is_reported
                then {{ computed(normalised_betweenness(
                    'coalesce(betweens.pair_share, 0)', 'sizes.member_count'
                )) }}
        end as betweenness,
        case
            when types.link_type = {{ total }} and reported.is_reported
                then {{ computed(closeness(
                    'coalesce(distances.reached_count, 0)', 'distances.distance_sum',
                    'sizes.member_count'
                )) }}
        end as closeness,
        {{ first_reason([
            ["not reported.is_reported", reason('missing_input')],
            ["sizes.member_count < 2", reason('zero_denominator')],
        ]) }} as pair_reason_code,
        {{ first_reason([
            ["not reported.is_reported", reason('missing_input')],
            ["sizes.member_count < 3", reason('zero_denominator')],
        ]) }} as triple_reason_code
    from {{ ref('int_network__node') }} as node
    inner join sizes on {{ same('node', 'sizes', key) }}
    inner join reported on {{ same('node', 'reported', key) }}
    cross join types
    left join degrees
        on {{ same('node', 'degrees', key) }}
        and node.organisation_id = degrees.organisation_id
        and types.link_type = degrees.link_type
    left join distances
        on {{ same('node', 'distances', key) }}
        and node.organisation_id = distances.organisation_id
    left join betweens
        on {{ same('node', 'betweens', key) }}
        and node.organisation_id = betweens.organisation_id
    left join closed
        on {{ same('node', 'closed', key) }}
        and node.organisation_id = closed.organisation_id
)

select * from final
