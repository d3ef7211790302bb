{{ config(materialized='view') }}

-- which activities are traded is a list that somebody has to decide on; without it nothing is known
with final as (
    select
        cell.observation_id,
        cell.base_indicator_code,
        cell.activity_classifier,
        cell.country_code,
        cell.region_code,
        cell.region_level,
        cell.peer_group,
        cell.year,
        cell.period_end,
        cell.unit_code,
        cell.method_version,
        cell.activity_code,
        cell.value,
        {{ is_one_of('cell.activity_code', var('traded_activities')) }} as is_traded,
        rule.strong = 1 as is_strong,
        cell.is_withheld,
        cell.is_imputed,
        cell.is_quotient_illustrative as is_illustrative,
        cell.quotient_correction as correction
    from {{ ref('int_structure__input') }} as cell
    left join {{ ref('int_specialisation__compared') }} as rule
        on cell.observation_id = rule.observation_id
        and rule.is_employment
    where
        cell.is_part
        and cell.base_indicator_code = '{{ var("strength_indicator") }}'
)

select * from final
