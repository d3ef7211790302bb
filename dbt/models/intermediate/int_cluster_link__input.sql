{% set key = ['cluster_id', 'is_illustrative', 'year'] %}

-- links with other clusters count for both, whoever reports them; of two reports of one link the
-- own one leads
with links as (
    select
        {{ columns('cluster', key) }},
        case when link.from_id = cluster.cluster_id then link.to_id else link.from_id end
            as other_code,
        link.link_type,
        link.amount,
        link.currency_code,
        row_number() over (
            partition by
                {{ columns('cluster', key) }},
                link.from_id,
                link.to_id,
                link.link_type,
                link.valid_from
            order by
                case when link.cluster_id = cluster.cluster_id then 0 else 1 end,
                link.cluster_id
        ) as place
    from {{ ref('int_cluster__yearly') }} as cluster
    inner join {{ ref('fct_link') }} as link
        on cluster.cluster_id in (link.from_id, link.to_id)
        and cluster.is_illustrative = link.is_illustrative
    where
        link.link_level = {{ code('link_level', 'cluster') }}
        and link.from_id <> link.to_id
        and {{ is_in_force('link', 'cluster.year') }}
),

reported as (
    select distinct {{ columns('link', ['cluster_code', 'is_illustrative', 'year']) }}
    from {{ ref('int_network__input') }} as link
    where link.is_reported
),

final as (
    select
        cluster.cluster_id as cluster_code,
        cluster.country_code,
        coalesce(cluster.home_region_code, cluster.country_code) as region_code,
        cluster.year,
        cluster.is_illustrative,
        links.other_code,
        links.link_type,
        links.amount,
        coalesce(links.currency_code, currency.currency_code) as unit_code,
        reported.cluster_code is not null as is_reported
    from {{ ref('int_cluster__yearly') }} as cluster
    left join links
        on {{ same('cluster', 'links', key) }}
        and links.place = 1
    left join reported
        on cluster.cluster_id = reported.cluster_code
        and cluster.is_illustrative = reported.is_illustrative
        and cluster.year = reported.year
    left join {{ ref('currencies') }} as currency
        on cluster.country_code = currency.country_code
        and make_date(cluster.year, 12, 31) >= currency.valid_from
        and make_date(cluster.year, 12, 31)
        <= coalesce(currency.valid_to, cast('9999-12-31' as date))
)

select * from final
