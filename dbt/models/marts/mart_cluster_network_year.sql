{% set key = ['is_illustrative', 'year'] %}

with parties as (
    select
        member.cluster_id,
        {{ columns('member', key) }},
        count(case when member.contract_count > 0 then 1 end) as party_count
    from {{ ref('mart_member_network_year') }} as member
    group by member.cluster_id, {{ columns('member', key) }}
),

final as (
    select
        network.cluster_code as cluster_id,
        {{ columns('network', key) }},
        network.member_count,
        network.link_count,
        case when not network.is_reported then {{ reason('missing_input') }} end
            as link_reason_code,
        network.density,
        network.density_reason_code,
        network.mean_degree,
        network.mean_degree_reason_code,
        network.degree_centralisation,
        network.degree_centralisation_reason_code,
        network.transitivity,
        network.mean_clustering,
        network.diameter,
        network.contract_count,
        network.contracts_per_member,
        network.contracts_per_member_reason_code,
        case when network.is_reported then cast(coalesce(parties.party_count, 0) as integer) end
            as members_with_contract_count,
        sales.intra_sales_pct,
        sales.intra_sales_pct_reason_code as intra_sales_reason_code,
        link.link_count as inter_cluster_link_count,
        link.linked_cluster_count,
        link.link_reason_code as inter_cluster_reason_code
    from {{ ref('int_network__computed') }} as network
    left join parties
        on network.cluster_code = parties.cluster_id
        and {{ same('network', 'parties', key) }}
    left join {{ ref('int_performance__computed') }} as sales
        on network.cluster_code = sales.cluster_code
        and {{ same('network', 'sales', key) }}
        and sales.part_kind = 'members'
    left join {{ ref('int_cluster_link__computed') }} as link
        on network.cluster_code = link.cluster_code
        and {{ same('network', 'link', key) }}
    where network.link_type = '{{ var("total_code") }}'
)

select * from final
