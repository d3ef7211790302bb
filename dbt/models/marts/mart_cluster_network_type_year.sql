{% set key = ['cluster_id', 'is_illustrative', 'year'] %}
{% set network = key + ['link_type'] %}
{% set measures = ['density', 'mean_degree', 'degree_centralisation'] %}

-- a cluster that names no link of a year that it reports on has not filled the sheet in: unknown,
-- and not 0
with named as (
    select distinct {{ columns('years', key) }}
    from {{ ref('int_network__year') }} as years
    inner join {{ ref('fct_link') }} as link
        on years.cluster_id = link.cluster_id
        and years.is_illustrative = link.is_illustrative
        and {{ is_in_force('link', 'years.year') }}
),

members as (
    select
        {{ columns('member', key) }},
        count(*) as member_count
    from {{ ref('int_member__yearly') }} as member
    where member.is_at_end
    group by {{ columns('member', key) }}
),

degrees as (
    select
        {{ columns('degree', network) }},
        cast(sum(degree.degree) as bigint) as degree_sum,
        max(degree.degree) as largest_degree
    from {{ ref('int_network__degree') }} as degree
    group by {{ columns('degree', network) }}
),

-- each link gives a degree to two members
counted as (
    select
        {{ columns('years', key) }},
        type.link_type,
        named.cluster_id is null as is_unknown,
        coalesce(members.member_count, 0) as member_count,
        case when named.cluster_id is not null then coalesce(degrees.degree_sum, 0) end
            as degree_sum,
        case when named.cluster_id is not null then coalesce(degrees.degree_sum, 0) / 2 end
            as link_count,
        coalesce(degrees.largest_degree, 0) as largest_degree
    from {{ ref('int_cluster__yearly') }} as years
    cross join {{ ref('int_network__type') }} as type
    left join named on {{ same('years', 'named', key) }}
    left join members on {{ same('years', 'members', key) }}
    left join degrees
        on {{ same('years', 'degrees', key) }}
        and type.link_type = degrees.link_type
),

measured as (
    select
        {{ columns('counted', network) }},
        counted.is_unknown,
        counted.member_count,
        counted.link_count,
        {{ computed(density('counted.link_count', 'counted.member_count')) }} as density,
        {{ computed(mean_degree('counted.link_count', 'counted.member_count')) }} as mean_degree,
        {{ computed(degree_centralisation(
            'counted.largest_degree', 'counted.degree_sum', 'counted.member_count'
        )) }} as degree_centralisation
    from counted
),

final as (
    select
        {{ columns('measured', network) }},
        cast(measured.member_count as integer) as member_count,
        {% for measure in measures %}
        measured.{{ measure }},
        {{ first_reason([
            ["measured.is_unknown", reason('missing_input')],
            ["measured." ~ measure ~ " is null", reason('zero_denominator')],
        ]) }} as {{ measure }}_reason_code,
        {% endfor %}
        cast(measured.link_count as integer) as link_count,
        case when measured.is_unknown then {{ reason('missing_input') }} end as link_reason_code
    from measured
)

select * from final
