{{ config(materialized='view') }}

with expected as (
    select
        region.country_code,
        region.peer_group,
        region.period_end,
        count(*) as region_count
    from {{ ref('int_region__expected') }} as region
    group by region.country_code, region.peer_group, region.period_end
),

-- what does not occur has the share 0 in a structure
final as (
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
        case
            when cell.reason_code = '{{ var("nothing_reason") }}' then 0
            else cell.value
        end as value,
        cell.region_total,
        case
            when
                cell.reason_code = '{{ var("nothing_reason") }}'
                and cell.activity_total is null
                and cell.reference_coverage >= 1
                then 0
            else cell.activity_total
        end as activity_total,
        cell.reference_total,
        cell.reference_kind,
        cell.is_part,
        cell.activity_count,
        expected.region_count as expected_count,
        {{ is_suppressed('cell.value', 'cell.conf_status') }} as is_withheld,
        {{ is_imputed('cell.obs_status') }} as is_imputed,
        cell.is_focus_illustrative,
        cell.is_quotient_illustrative,
        cell.focus_correction,
        cell.quotient_correction
    from {{ ref('int_activity__totalled') }} as cell
    inner join expected
        on cell.country_code = expected.country_code
        and cell.peer_group = expected.peer_group
        and cell.period_end = expected.period_end
)

select * from final
