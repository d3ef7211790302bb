{% set comparable_reason = first_reason([
    ["pair.year <= pair.base_year", reason('not_applicable')],
    [is_pending('pair.correction'), reason('correction_pending')],
    ["pair.is_withheld", reason('confidential_input')],
    ["pair.value is null", reason('missing_input')],
    ["pair.boundary_version <> pair.base_boundary_version and pair.bridge_weight is null",
        reason('boundary_break')],
    ["pair.base_value is null", reason('missing_input')],
    ["pair.base_unit_code <> pair.unit_code", reason('unit_break')],
    ["pair.base_method_version <> pair.method_version", reason('method_break')],
    ["pair.deflator <= 0", reason('negative_input')],
]) %}

with compared as (
    select
        pair.comparison,
        pair.base_indicator_code,
        pair.country_code,
        pair.region_code,
        pair.region_level,
        pair.peer_group,
        pair.is_peer,
        pair.year,
        pair.period_end,
        pair.base_year,
        pair.year - pair.base_year as year_count,
        pair.unit_code,
        pair.unit_kind,
        pair.is_additive,
        pair.method_version,
        pair.boundary_version <> pair.base_boundary_version
        and pair.bridge_weight is not null as is_bridged,
        pair.deflator is not null as is_deflated,
        {{ deflated('pair.value', 'pair.deflator') }} as value,
        pair.base_value
        * case
            when pair.boundary_version <> pair.base_boundary_version then pair.bridge_weight
            else 1
        end as base_value,
        {{ deflated('pair.total_value', 'pair.deflator') }} as total_value,
        pair.total_base_value,
        pair.is_withheld,
        pair.is_imputed,
        pair.known_on,
        pair.is_illustrative,
        pair.is_total_illustrative,
        pair.correction,
        pair.total_correction,
        {{ comparable_reason }} as reason_code
    from {{ ref('int_dynamics__input') }} as pair
    where pair.year > pair.base_year or pair.comparison = 'first_year'
),

changed as (
    select
        compared.comparison,
        compared.base_indicator_code,
        compared.country_code,
        compared.region_code,
        compared.region_level,
        compared.peer_group,
        compared.is_peer,
        compared.year,
        compared.period_end,
        compared.base_year,
        compared.unit_code,
        compared.unit_kind,
        compared.is_additive,
        compared.method_version,
        compared.is_bridged,
        compared.is_deflated,
        compared.value,
        compared.base_value,
        compared.is_withheld,
        compared.is_imputed,
        compared.known_on,
        compared.is_illustrative,
        compared.is_total_illustrative,
        compared.correction,
        {{ worst_correction(['compared.correction', 'compared.total_correction']) }}
            as contribution_correction,
        compared.reason_code,
        {{ first_reason([
            ["compared.reason_code is not null", "compared.reason_code"],
            ["compared.base_value < 0 or compared.value < 0", reason('negative_input')],
            ["compared.base_value = 0", reason('zero_denominator')],
        ]) }} as growth_reason_code,
        {{ first_reason([
            ["compared.reason_code is not null", "compared.reason_code"],
            [is_pending('compared.total_correction'), reason('correction_pending')],
            [
                "compared.total_value is null or compared.total_base_value is null",
                reason('missing_input'),
            ],
            [
                "abs(" ~ absolute_change('compared.total_value', 'compared.total_base_value')
                ~ ") <= " ~ var('negligible_change')
                ~ " * greatest(abs(compared.total_value), abs(compared.total_base_value))",
                reason('zero_denominator'),
            ],
        ]) }} as contribution_reason_code,
        {{ computed(absolute_change('compared.value', 'compared.base_value')) }} as change,
        {{ computed('100 * (' ~ relative_change('compared.value', 'compared.base_value') ~ ')') }}
            as change_pct,
        {{ computed(
            '100 * (' ~ compound_growth(
                'compared.value', 'compared.base_value', 'compared.year_count'
            ) ~ ')'
        ) }} as growth_pct,
        {{ computed('100 * ' ~ contribution(
            absolute_change('compared.value', 'compared.base_value'),
            absolute_change('compared.total_value', 'compared.total_base_value'),
        )) }} as contribution_pct
    from compared
),

final as (
    select
        changed.comparison,
        changed.base_indicator_code,
        changed.country_code,
        changed.region_code,
        changed.region_level,
        changed.peer_group,
        changed.is_peer,
        changed.year,
        changed.period_end,
        changed.base_year,
        changed.unit_code,
        changed.unit_kind,
        changed.is_additive,
        changed.method_version,
        changed.is_bridged,
        changed.is_deflated,
        changed.value,
        changed.base_value,
        changed.is_withheld,
        changed.is_imputed,
        changed.known_on,
        changed.is_illustrative,
        changed.is_illustrative or changed.is_total_illustrative as is_contribution_illustrative,
        changed.correction,
        changed.contribution_correction,
        changed.reason_code,
        changed.growth_reason_code,
        changed.contribution_reason_code,
        case when changed.reason_code is null then changed.change end as change,
        case when changed.growth_reason_code is null then changed.change_pct end as change_pct,
        case when changed.growth_reason_code is null then changed.growth_pct end as growth_pct,
        case when changed.contribution_reason_code is null then changed.contribution_pct end
            as contribution_pct
    from changed
)

select * from final
