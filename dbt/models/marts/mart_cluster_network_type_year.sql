{% set network = ['is_illustrative', 'year', 'link_type'] %}

with final as (
    select
        network.cluster_code as cluster_id,
        {{ columns('network', network) }},
        network.member_count,
        network.density,
        network.density_reason_code,
        network.mean_degree,
        network.mean_degree_reason_code,
        network.degree_centralisation,
        network.degree_centralisation_reason_code,
        network.link_count,
        case when not network.is_reported then {{ reason('missing_input') }} end
            as link_reason_code
    from {{ ref('int_network__computed') }} as network
    inner join {{ ref('int_network__type') }} as type on network.link_type = type.link_type
)

select * from final
