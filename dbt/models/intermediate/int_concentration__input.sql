{{ config(materialized='view') }}

-- the cells that the structure of regions is computed from, seen from the activity
with final as (
    select
        cell.observation_id,
        cell.base_indicator_code,
        cell.activity_classifier,
        cell.country_code,
        cell.region_level,
        cell.peer_group,
        cell.year,
        cell.period_end,
        cell.unit_code,
        cell.method_version,
        cell.region_code,
        cell.activity_code,
        cell.value,
        cell.activity_total,
        cell.region_total,
        cell.reference_total,
        cell.reference_kind,
        cell.is_part,
        cell.activity_count,
        cell.expected_count,
        cell.is_withheld,
        cell.is_imputed,
        cell.is_quotient_illustrative as is_illustrative,
        cell.quotient_correction as correction
    from {{ ref('int_structure__input') }} as cell
)

select * from final
