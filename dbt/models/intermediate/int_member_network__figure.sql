{{ config(materialized='view') }}

-- figures of members of a cluster: the member stands where others have the cluster
with final as (
    {{ figures(ref('int_network__degree') ~ ' as member', {
        'region_code': "'" ~ var('not_applicable_code') ~ "'",
        'country_code': "'" ~ var('not_applicable_code') ~ "'",
        'region_level': '0',
        'peer_group': "'members'",
        'cluster_code': 'member.organisation_id',
        'year': 'member.year',
        'period_end': 'make_date(greatest(member.year, 1), 12, 31)',
        'is_illustrative': 'member.is_illustrative',
    }, [
        {
            'indicator_code': "'NET_DEG'",
            'base_indicator_code': "'member_links'",
            'value': 'member.normalised_degree',
            'reason_code': 'member.pair_reason_code',
            'method_version': "'links=undirected'",
            'where': "member.link_type = '" ~ var('total_code') ~ "'",
        },
        {
            'indicator_code': "'NET_BTW'",
            'base_indicator_code': "'member_links'",
            'value': 'member.betweenness',
            'reason_code': 'member.triple_reason_code',
            'method_version': "'links=undirected'",
            'where': "member.link_type = '" ~ var('total_code') ~ "'",
        },
        {
            'indicator_code': "'NET_CLO'",
            'base_indicator_code': "'member_links'",
            'value': 'member.closeness',
            'reason_code': 'member.pair_reason_code',
            'method_version': "'links=undirected;unreached=wasserman_faust'",
            'where': "member.link_type = '" ~ var('total_code') ~ "'",
        },
    ]) }}
)

select * from final
