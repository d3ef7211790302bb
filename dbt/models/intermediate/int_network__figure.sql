{{ config(materialized='view') }}

-- density and centralisation depend on the number of members: no peers
with final as (
    {{ cluster_figures(ref('int_network__computed'), 'network', ref('regions'), [
        {
            'indicator_code': "'NET_DENS'",
            'base_indicator_code': "'member_links'",
            'value': 'network.density',
            'reason_code': 'network.density_reason_code',
            'method_version': "'links=undirected'",
            'is_peer': 'false',
        },
        {
            'indicator_code': "'NET_DENS'",
            'base_indicator_code': "'member_links'",
            'value': 'network.directed_density',
            'reason_code': 'network.directed_density_reason_code',
            'method_version': "'links=directed'",
            'is_peer': 'false',
            'is_primary': 'false',
        },
        {
            'indicator_code': "'NET_CENTR'",
            'base_indicator_code': "'member_links'",
            'value': 'network.degree_centralisation',
            'reason_code': 'network.degree_centralisation_reason_code',
            'method_version': "'links=undirected'",
            'is_peer': 'false',
        },
        {
            'indicator_code': "'NET_CONTR'",
            'base_indicator_code': "'member_contracts'",
            'value': 'network.contracts_per_member',
            'reason_code': 'network.contracts_per_member_reason_code',
        },
    ], {
        'coverage': 'case when network.is_reported then 1.0 else 0.0 end',
    }, "network.link_type = '" ~ var('total_code') ~ "'") }}
)

select * from final
