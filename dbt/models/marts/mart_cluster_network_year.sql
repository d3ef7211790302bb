{% set key = ['cluster_id', 'is_illustrative', 'year'] %}
{% set sales_reason = first_reason([
    ["sales.seller_count is null", reason('missing_input')],
    ["sales.has_several_currencies", reason('unit_break')],
    ["sales.known_count < sales.seller_count", reason('incomplete_coverage')],
    ["sales.sales = 0", reason('zero_denominator')],
]) %}

with networks as (
    select
        {{ columns('network', key) }},
        network.member_count,
        network.link_count,
        network.link_reason_code,
        network.density,
        network.density_reason_code,
        network.mean_degree,
        network.mean_degree_reason_code,
        network.degree_centralisation,
        network.degree_centralisation_reason_code
    from {{ ref('mart_cluster_network_type_year') }} as network
    where network.link_type = '{{ var("total_code") }}'
),

contracts as (
    select
        {{ columns('link', key) }},
        count(*) as contract_count
    from {{ ref('int_network__link') }} as link
    where link.link_type = {{ code('link_type', 'contract') }}
    group by {{ columns('link', key) }}
),

parties as (
    select
        {{ columns('member', key) }},
        count(case when member.contract_count > 0 then 1 end) as party_count
    from {{ ref('mart_member_network_year') }} as member
    group by {{ columns('member', key) }}
),

-- of what members at the end of the year sold, what they sold to one another; «-» is nothing sold
sales as (
    select
        {{ columns('seller', key) }},
        count(*) as seller_count,
        count(case when seller.has_sales_to_members then 1 end) as known_count,
        count(distinct seller.currency_code) > 1
        or {{ any_true('seller.has_several_currencies') }} as has_several_currencies,
        {{ exact_sum('coalesce(seller.sales, 0)') }} as sales,
        {{ exact_sum('coalesce(seller.sales_to_members, 0)') }} as sales_to_members
    from {{ ref('int_member__measured') }} as seller
    where seller.is_at_end and seller.has_sales
    group by {{ columns('seller', key) }}
),

-- links with other clusters count for both, whoever reports them, and once for each type
cluster_links as (
    select
        {{ columns('network', key) }},
        link.link_type,
        case
            when link.from_id = network.cluster_id then link.to_id else link.from_id
        end as other_id
    from networks as network
    inner join {{ ref('fct_link') }} as link
        on network.cluster_id in (link.from_id, link.to_id)
        and network.is_illustrative = link.is_illustrative
    where
        link.link_level = {{ code('link_level', 'cluster') }}
        and link.from_id <> link.to_id
        and {{ is_in_force('link', 'network.year') }}
),

neighbours as (
    select
        {{ columns('link', key) }},
        count(distinct link.link_type || ' ' || link.other_id) as link_count,
        count(distinct link.other_id) as cluster_count
    from cluster_links as link
    group by {{ columns('link', key) }}
),

final as (
    select
        {{ columns('networks', key) }},
        networks.member_count,
        networks.link_count,
        networks.link_reason_code,
        networks.density,
        networks.density_reason_code,
        networks.mean_degree,
        networks.mean_degree_reason_code,
        networks.degree_centralisation,
        networks.degree_centralisation_reason_code,
        case
            when networks.link_reason_code is null
                then cast(coalesce(contracts.contract_count, 0) as integer)
        end as contract_count,
        case when networks.link_reason_code is null then {{ computed(
            ratio('1.0 * coalesce(contracts.contract_count, 0)', 'networks.member_count')
        ) }} end as contracts_per_member,
        {{ first_reason([
            ["networks.link_reason_code is not null", "networks.link_reason_code"],
            ["networks.member_count = 0", reason('zero_denominator')],
        ]) }} as contracts_per_member_reason_code,
        case
            when networks.link_reason_code is null
                then cast(coalesce(parties.party_count, 0) as integer)
        end as members_with_contract_count,
        case when {{ sales_reason }} is null then {{ computed(
            '100 * ' ~ ratio('sales.sales_to_members', 'sales.sales')
        ) }} end as intra_sales_pct,
        {{ sales_reason }} as intra_sales_reason_code,
        case
            when networks.link_reason_code is null or neighbours.link_count is not null
                then cast(coalesce(neighbours.link_count, 0) as integer)
        end as inter_cluster_link_count,
        case
            when networks.link_reason_code is null or neighbours.link_count is not null
                then cast(coalesce(neighbours.cluster_count, 0) as integer)
        end as linked_cluster_count,
        case
            when neighbours.link_count is null then networks.link_reason_code
        end as inter_cluster_reason_code
    from networks
    left join contracts on {{ same('networks', 'contracts', key) }}
    left join parties on {{ same('networks', 'parties', key) }}
    left join sales on {{ same('networks', 'sales', key) }}
    left join neighbours on {{ same('networks', 'neighbours', key) }}
)

select * from final
