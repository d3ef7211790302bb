{# Networks of members, without links of a member to itself. Each formula once. #}

{% macro density(links, nodes) -%}
    {{ ratio("2.0 * " ~ links, nodes ~ " * (" ~ nodes ~ " - 1)") }}
{%- endmacro %}

{% macro directed_density(arcs, nodes) -%}
    {{ ratio("1.0 * " ~ arcs, nodes ~ " * (" ~ nodes ~ " - 1)") }}
{%- endmacro %}

{% macro mean_degree(links, nodes) -%}
    {{ ratio("2.0 * " ~ links, nodes) }}
{%- endmacro %}

{% macro normalised_degree(degree, nodes) -%}
    {{ ratio("1.0 * " ~ degree, nodes ~ " - 1") }}
{%- endmacro %}

{# sum of (largest degree - degree) over (N - 1)(N - 2) #}
{% macro degree_centralisation(largest_degree, degree_sum, nodes) -%}
    {{ ratio(
        "1.0 * " ~ nodes ~ " * " ~ largest_degree ~ " - " ~ degree_sum,
        "(" ~ nodes ~ " - 1) * (" ~ nodes ~ " - 2)"
    ) }}
{%- endmacro %}

{# `pair_share`: over unordered pairs of other members, the sum of the part of their shortest ways
   that leads through the member #}
{% macro normalised_betweenness(pair_share, nodes) -%}
    {{ ratio("2.0 * " ~ pair_share, "(" ~ nodes ~ " - 1) * (" ~ nodes ~ " - 2)") }}
{%- endmacro %}

{# Wasserman and Faust: closeness within the part that is reached, times the share of that part;
   a member that reaches nobody has 0. `reached` counts the others that are reached. #}
{% macro closeness(reached, distance_sum, nodes) -%}
    case
        when {{ reached }} = 0 and {{ nodes }} > 1 then 0.0
        else {{ ratio(
            "1.0 * " ~ reached ~ " * " ~ reached,
            distance_sum ~ " * (" ~ nodes ~ " - 1)"
        ) }}
    end
{%- endmacro %}

{# `closed_pairs`: over all members, pairs of neighbours that are linked themselves #}
{% macro transitivity(closed_pairs, pairs_of_neighbours) -%}
    {{ ratio("1.0 * " ~ closed_pairs, pairs_of_neighbours) }}
{%- endmacro %}

{% macro contracts_per_member(contracts, nodes) -%}
    {{ ratio("1.0 * " ~ contracts, nodes) }}
{%- endmacro %}

{# every pair of members that a way leads between: length of the shortest ways and their number.
   A neighbour of what lies at distance d lies at d - 1, d or d + 1, so that two layers are enough to
   know what is new. The recursion refers to itself twice, and sums. #}
{% macro shortest_paths(key, nodes, neighbours) -%}
    with recursive walks as (
        select
            {{ columns('node', key) }},
            node.organisation_id as source_id,
            node.organisation_id as target_id,
            0 as distance,
            cast(1 as double) as path_count,
            0 as step
        from {{ nodes }} as node
        union all
        select layer.*
        from (
            select
                {{ columns('walks', key) }},
                walks.source_id,
                walks.target_id,
                walks.distance,
                walks.path_count,
                walks.step + 1 as step
            from walks
            where walks.distance = walks.step
            union all
            select
                {{ columns('walks', key) }},
                walks.source_id,
                neighbour.other_id as target_id,
                walks.step + 1 as distance,
                sum(walks.path_count) as path_count,
                walks.step + 1 as step
            from walks
            inner join {{ neighbours }} as neighbour
                on {{ same('walks', 'neighbour', key) }}
                and walks.target_id = neighbour.organisation_id
                and walks.distance = walks.step
            left join walks as seen
                on {{ same('walks', 'seen', key) }}
                and walks.source_id = seen.source_id
                and neighbour.other_id = seen.target_id
            where seen.source_id is null
            group by
                {{ columns('walks', key) }}, walks.source_id, neighbour.other_id, walks.step
        ) as layer
    )

    select
        {{ columns('walks', key) }},
        walks.source_id,
        walks.target_id,
        walks.distance,
        walks.path_count
    from walks
    where walks.distance = walks.step
{%- endmacro %}

{# in force on some day of the year; the last day counts #}
{% macro is_in_force(relation, year) -%}
    (
        {{ relation }}.valid_from <= make_date({{ year }}, 12, 31)
        and ({{ relation }}.valid_to is null or {{ relation }}.valid_to >= make_date({{ year }}, 1, 1))
    )
{%- endmacro %}

{# forms ask for amounts of money in thousands #}
{% macro of_thousands(amount) -%}
    {{ amount }} * 1000
{%- endmacro %}

{% macro each_item(list) -%}
    unnest({{ list }})
{%- endmacro %}
