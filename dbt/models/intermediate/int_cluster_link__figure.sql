{{ config(materialized='view') }}

with final as (
    {{ cluster_figures(ref('int_cluster_link__computed'), 'link', ref('regions'), [
        {
            'indicator_code': "'NET_XCL'",
            'base_indicator_code': "'cluster_links'",
            'value': 'link.link_count',
            'reason_code': 'link.link_reason_code',
            'method_version': "'measure=links'",
            'unit_code': "'units'",
        },
        {
            'indicator_code': "'NET_XCL'",
            'base_indicator_code': "'cluster_links'",
            'value': 'link.amount',
            'reason_code': 'link.amount_reason_code',
            'method_version': "'measure=value'",
            'unit_code': 'link.unit_code',
            'is_primary': 'false',
        },
    ], {'coverage': 'case when link.is_reported then 1.0 else 0.0 end'}) }}
)

select * from final
