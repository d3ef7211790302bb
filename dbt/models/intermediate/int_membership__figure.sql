{{ config(materialized='view') }}

{% set members = [
    {
        'indicator_code': "'MEM_N'",
        'base_indicator_code': "'members'",
        'value': 'case when member.member_reason_code is null then member.member_count end',
        'reason_code': 'member.member_reason_code',
        'unit_code': "'units'",
    },
    {
        'indicator_code': "'MEM_MIX'",
        'base_indicator_code': "'members'",
        'value': 'member.triple_helix',
        'reason_code': 'member.mix_reason_code',
        'method_version': "'measure=triple_helix'",
        'is_primary': 'false',
        'is_peer': 'false',
    },
    {
        'indicator_code': "'MEM_SME'",
        'base_indicator_code': "'members'",
        'value': 'member.sme_share_pct',
        'reason_code': 'member.sme_share_reason_code',
        'unit_code': "'per_cent'",
        'coverage': ratio('1.0 * member.sized_count', 'member.member_count'),
    },
    {
        'indicator_code': "'MEM_CHURN'",
        'base_indicator_code': "'members'",
        'value': 'member.churn_pct',
        'reason_code': 'member.churn_reason_code',
        'method_version': "'flow=joined_and_left'",
        'unit_code': "'per_cent'",
    },
    {
        'indicator_code': "'MEM_CHURN'",
        'base_indicator_code': "'members'",
        'value': 'member.joined_pct',
        'reason_code': 'member.churn_reason_code',
        'method_version': "'flow=joined'",
        'unit_code': "'per_cent'",
        'is_primary': 'false',
    },
    {
        'indicator_code': "'MEM_CHURN'",
        'base_indicator_code': "'members'",
        'value': 'member.left_pct',
        'reason_code': 'member.churn_reason_code',
        'method_version': "'flow=left'",
        'unit_code': "'per_cent'",
        'is_primary': 'false',
    },
    {
        'indicator_code': "'MEM_XREG'",
        'base_indicator_code': "'members'",
        'value': 'member.outside_home_share_pct',
        'reason_code': 'member.outside_home_share_reason_code',
        'unit_code': "'per_cent'",
        'coverage': ratio('1.0 * member.located_count', 'member.member_count'),
    },
    {
        'indicator_code': "'MEM_FTE'",
        'base_indicator_code': "'team_fte'",
        'value': 'member.team_fte',
        'reason_code': 'member.team_reason_code',
        'unit_code': "'persons'",
    },
    {
        'indicator_code': "'ORG_LVL'",
        'base_indicator_code': "'confirmed_parameters'",
        'value': 'member.level_number',
        'reason_code': 'member.level_reason_code',
        'unit_code': "'index'",
    },
    {
        'indicator_code': "'ORG_LABEL'",
        'base_indicator_code': "'cluster_label'",
        'value': 'member.label_number',
        'reason_code': 'member.label_reason_code',
        'unit_code': "'index'",
    },
] %}

with of_clusters as (
    {{ cluster_figures(
        ref('int_membership__computed'), 'member', ref('regions'), members
    ) }}
),

of_types as (
    {{ cluster_figures(ref('int_membership__mix'), 'part', ref('regions'), [
        {
            'indicator_code': "'MEM_MIX'",
            'base_indicator_code': "'members'",
            'value': 'part.type_share_pct',
            'reason_code': 'part.mix_reason_code',
            'method_version': "'type=' || part.type_code",
            'unit_code': "'per_cent'",
            'is_peer': 'false',
        },
    ]) }}
),

final as (
    select * from of_clusters
    union all
    select * from of_types
)

select * from final
