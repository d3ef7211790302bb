{{ config(materialized='view') }}

with final as (
    select
        vintage.cluster_id,
        vintage.is_illustrative,
        vintage.indicator_code,
        vintage.year,
        vintage.value,
        vintage.unit_code,
        vintage.currency_code,
        vintage.is_known,
        vintage.obs_status,
        vintage.conf_status,
        vintage.reason_code,
        vintage.note,
        vintage.value_printed,
        vintage.report_end,
        vintage.received_at,
        vintage.contract_id,
        vintage.file_id,
        vintage.table_name,
        vintage.cell
    from {{ ref('int_cluster_value__vintage') }} as vintage
    where vintage.is_current
)

select * from final
