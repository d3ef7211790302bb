{% set result = [
    'region_code', 'country_code', 'region_level', 'peer_group', 'cluster_code', 'year',
    'reason_code', 'period_end',
] %}

-- a country in each year that it has figures of, and each of its regions in them
with places as (
    select
        yearly.region_code,
        yearly.country_code,
        yearly.region_level,
        yearly.peer_group,
        yearly.year,
        case
            when not {{ any_true('yearly.is_peer or yearly.region_level = 0') }}
                then {{ reason('region_not_existing') }}
            else {{ reason('missing_input') }}
        end as reason_code
    from {{ ref('int_observation__yearly') }} as yearly
    inner join {{ ref('regions') }} as region on yearly.region_code = region.region_code
    where not region.is_residual
    group by
        yearly.region_code,
        yearly.country_code,
        yearly.region_level,
        yearly.peer_group,
        yearly.year
),

clusters as (
    select
        cluster.cluster_id,
        cluster.country_code,
        coalesce(min(cluster.home_region_code), cluster.country_code) as region_code,
        cluster.year
    from {{ ref('int_cluster__yearly') }} as cluster
    group by cluster.cluster_id, cluster.country_code, cluster.year
),

subjects as (
    select
        places.region_code,
        places.country_code,
        places.region_level,
        places.peer_group,
        '{{ var("not_applicable_code") }}' as cluster_code,
        places.year,
        places.reason_code,
        case when places.region_level = 0 then 'country' else 'region' end as subject_kind
    from places
    union all
    select
        clusters.region_code,
        clusters.country_code,
        region.region_level,
        {{ peer_group('region') }} as peer_group,
        clusters.cluster_id as cluster_code,
        clusters.year,
        {{ reason('missing_input') }} as reason_code,
        'cluster' as subject_kind
    from clusters
    inner join {{ ref('regions') }} as region on clusters.region_code = region.region_code
),

levels as (
    {% for level, subject in [
        ('C', 'country'), ('CA', 'country'), ('R', 'region'), ('RA', 'region'),
        ('K', 'cluster'), ('RK', 'cluster'),
    ] %}
    select
        '{{ level }}' as level_code,
        '{{ subject }}' as subject_kind
    {% if not loop.last %}
    union all
    {% endif %}
    {% endfor %}
),

-- a unit of the indicator's kind, in the money of the country where it is money
units as (
    select
        unit.unit_kind,
        currency.country_code,
        min(unit.unit_code) as unit_code
    from {{ ref('units') }} as unit
    left join {{ ref('currencies') }} as currency
        on unit.currency_code = currency.currency_code
        and currency.successor_code is null
    where unit.multiplier = 1
    group by unit.unit_kind, currency.country_code
),

common_units as (
    select
        units.unit_kind,
        min(units.unit_code) as unit_code
    from units
    group by units.unit_kind
),

expected as (
    select
        indicator.indicator_code,
        {{ columns('subjects', result[:-1]) }},
        make_date(subjects.year, 12, 31) as period_end,
        coalesce(own.unit_code, common.unit_code) as unit_code
    from {{ ref('indicators') }} as indicator
    inner join levels on indicator.level_code = levels.level_code
    inner join subjects on levels.subject_kind = subjects.subject_kind
    left join units as own
        on indicator.unit_kind = own.unit_kind
        and subjects.country_code = own.country_code
    left join common_units as common
        on indicator.unit_kind = common.unit_kind
    where indicator.indicator_kind = 'derived'
),

-- a figure of a cluster is its own wherever its home is said to be
present as (
    select distinct
        figure.indicator_code,
        case
            when figure.cluster_code = '{{ var("not_applicable_code") }}' then figure.region_code
        end as region_code,
        figure.cluster_code,
        figure.year
    from {{ ref('int_indicator__united') }} as figure
),

absent as (
    select
        expected.indicator_code,
        {{ columns('expected', result) }},
        expected.unit_code
    from expected
    left join present
        on expected.indicator_code = present.indicator_code
        and expected.cluster_code = present.cluster_code
        and expected.year = present.year
        and case
            when expected.cluster_code = '{{ var("not_applicable_code") }}'
                then expected.region_code
        end is not distinct from present.region_code
    where present.indicator_code is null
),

figures_without_value as (
    {{ figures('absent', {
        'region_code': 'absent.region_code',
        'country_code': 'absent.country_code',
        'region_level': 'absent.region_level',
        'peer_group': 'absent.peer_group',
        'cluster_code': 'absent.cluster_code',
        'year': 'absent.year',
        'period_end': 'absent.period_end',
        'base_indicator_code': 'absent.indicator_code',
        'value': 'cast(null as double)',
        'unit_code': 'absent.unit_code',
        'reason_code': 'absent.reason_code',
        'coverage': '0.0',
    }, [{'indicator_code': 'absent.indicator_code'}]) }}
),

final as (
    select
        figure.*,
        cast(null as double) as corrected_value,
        cast(null as varchar) as correction_id,
        cast(null as double) as input_value,
        cast(null as varchar) as input_correction
    from figures_without_value as figure
)

select * from final
