{% set key = ['cluster_code', 'is_illustrative', 'year'] %}
{% set network = key + ['link_type'] %}
{% set total = "'" ~ var('total_code') ~ "'" %}
{% set pairs = ['density', 'directed_density'] %}
{% set triples = ['degree_centralisation'] %}
{% set per_member = ['mean_degree', 'contracts_per_member'] %}

with clusters as (
    select
        {{ columns('link', key) }},
        max(link.country_code) as country_code,
        max(link.region_code) as region_code,
        {{ any_true('link.is_reported') }} as is_reported
    from {{ ref('int_network__input') }} as link
    group by {{ columns('link', key) }}
),

sizes as (
    select
        {{ columns('node', key) }},
        count(*) as member_count
    from {{ ref('int_network__node') }} as node
    group by {{ columns('node', key) }}
),

-- contracts are counted one by one, arcs once for each direction
contracts as (
    select
        {{ columns('link', key) }},
        count(*) as contract_count
    from {{ ref('int_network__input') }} as link
    where link.from_id <> link.to_id and link.link_type = {{ code('link_type', 'contract') }}
    group by {{ columns('link', key) }}
),

typed_arcs as (
    select distinct
        {{ columns('link', key) }},
        link.link_type,
        link.from_id,
        link.to_id
    from {{ ref('int_network__input') }} as link
    where link.from_id <> link.to_id and link.link_type is not null
    union all
    select distinct
        {{ columns('link', key) }},
        {{ total }} as link_type,
        link.from_id,
        link.to_id
    from {{ ref('int_network__input') }} as link
    where link.from_id <> link.to_id
),

arcs as (
    select
        {{ columns('arc', network) }},
        count(*) as arc_count
    from typed_arcs as arc
    group by {{ columns('arc', network) }}
),

-- each link gives a degree to two members
degrees as (
    select
        {{ columns('degree', network) }},
        cast(sum(degree.degree) as bigint) as degree_sum,
        max(degree.degree) as largest_degree,
        cast(sum(degree.degree * (degree.degree - 1) / 2) as double) as neighbour_pair_count,
        cast(sum(degree.closed_pair_count) as double) as closed_pair_count,
        cast(sum(degree.reached_count) as bigint) as reached_sum,
        {{ ordered_sum(
            'case when degree.degree > 1 then '
            ~ '2.0 * degree.closed_pair_count / (degree.degree * (degree.degree - 1)) else 0.0 end',
            'degree.organisation_id'
        ) }} as clustering_sum
    from {{ ref('int_network__degree') }} as degree
    group by {{ columns('degree', network) }}
),

widths as (
    select
        {{ columns('path', key) }},
        max(path.distance) as diameter
    from {{ ref('int_network__path') }} as path
    group by {{ columns('path', key) }}
),

types as (
    select distinct degrees.link_type
    from degrees
    union
    select type.link_type
    from {{ ref('int_network__type') }} as type
),

counted as (
    select
        {{ columns('clusters', key) }},
        types.link_type,
        clusters.country_code,
        clusters.region_code,
        clusters.is_reported,
        coalesce(sizes.member_count, 0) as member_count,
        coalesce(arcs.arc_count, 0) as arc_count,
        coalesce(degrees.degree_sum, 0) as degree_sum,
        coalesce(degrees.degree_sum, 0) / 2 as link_count,
        coalesce(degrees.largest_degree, 0) as largest_degree,
        degrees.neighbour_pair_count,
        degrees.closed_pair_count,
        degrees.clustering_sum,
        degrees.reached_sum = sizes.member_count * (sizes.member_count - 1) as is_connected,
        case when types.link_type = {{ total }} then widths.diameter end as diameter,
        case when types.link_type = {{ total }} then coalesce(contracts.contract_count, 0) end
            as contract_count
    from clusters
    cross join types
    left join sizes on {{ same('clusters', 'sizes', key) }}
    left join degrees
        on {{ same('clusters', 'degrees', key) }}
        and types.link_type = degrees.link_type
    left join arcs
        on {{ same('clusters', 'arcs', key) }}
        and types.link_type = arcs.link_type
    left join widths on {{ same('clusters', 'widths', key) }}
    left join contracts on {{ same('clusters', 'contracts', key) }}
),

measured as (
    select
        {{ columns('counted', network) }},
        counted.country_code,
        counted.region_code,
        counted.is_reported,
        counted.member_count,
        counted.arc_count,
        counted.link_count,
        counted.contract_count,
        case when counted.is_connected then counted.diameter end as diameter,
        {{ computed(density('counted.link_count', 'counted.member_count')) }} as density,
        {{ computed(directed_density('counted.arc_count', 'counted.member_count')) }}
            as directed_density,
        {{ computed(mean_degree('counted.link_count', 'counted.member_count')) }} as mean_degree,
        {{ computed(degree_centralisation(
            'counted.largest_degree', 'counted.degree_sum', 'counted.member_count'
        )) }} as degree_centralisation,
        {{ computed(contracts_per_member('counted.contract_count', 'counted.member_count')) }}
            as contracts_per_member,
        {{ computed(transitivity('counted.closed_pair_count', 'counted.neighbour_pair_count')) }}
            as transitivity,
        {{ computed(ratio('counted.clustering_sum', 'counted.member_count')) }}
            as mean_clustering
    from counted
),

final as (
    select
        {{ columns('measured', network) }},
        measured.country_code,
        measured.region_code,
        {{ is_leading_world('measured', ['cluster_code', 'year']) }} as is_leading,
        measured.is_reported,
        cast(measured.member_count as integer) as member_count,
        case when measured.is_reported then cast(measured.link_count as integer) end
            as link_count,
        case when measured.is_reported then cast(measured.contract_count as integer) end
            as contract_count,
        {% for measure in pairs + triples + per_member %}
        case when measured.is_reported then measured.{{ measure }} end as {{ measure }},
        {{ first_reason([
            ["not measured.is_reported", reason('missing_input')],
            ["measured." ~ measure ~ " is null", reason('zero_denominator')],
        ]) }} as {{ measure }}_reason_code,
        {% endfor %}
        case when measured.is_reported then measured.transitivity end as transitivity,
        case when measured.is_reported then measured.mean_clustering end as mean_clustering,
        case when measured.is_reported then cast(measured.diameter as integer) end as diameter
    from measured
)

select * from final
