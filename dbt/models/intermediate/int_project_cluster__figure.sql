{{ config(materialized='view') }}

-- actual over plan of all projects of a cluster that have a plan for the year
with final as (
    {{ cluster_figures(ref('int_project_cluster__computed'), 'part', ref('regions'), [
        {
            'indicator_code': "'PRJ_EXEC'",
            'base_indicator_code': 'part.measure_code',
            'value': 'part.execution_pct',
            'reason_code': 'part.execution_reason_code',
            'method_version': "'over=projects;unit=' || part.unit_code",
            'unit_code': "'per_cent'",
            'coverage': 'part.coverage',
        },
    ]) }}
)

select * from final
