with population as (
    select
        yearly.region_code,
        yearly.year,
        yearly.input_value as value,
        yearly.input_reason_code as reason_code,
        yearly.is_illustrative,
        yearly.input_correction as correction,
        {{ imputed_part('yearly.value', 'yearly.obs_status') }} as imputed_part,
        {{ suppressed_part('yearly.value', 'yearly.conf_status') }} as suppressed_part,
        {{ known_on('yearly') }} as vintage_on
    from {{ ref('int_observation__yearly') }} as yearly
    where
        yearly.is_primary
        and yearly.activity_code = '{{ var("total_code") }}'
        and yearly.indicator_code = '{{ var("population_indicator") }}'
),

totals as (
    select
        yearly.indicator_code,
        yearly.country_code,
        yearly.region_code,
        yearly.parent_code,
        yearly.region_level,
        yearly.peer_group,
        yearly.is_peer,
        yearly.year,
        yearly.period_end,
        yearly.unit_code,
        yearly.method_version,
        yearly.input_value as value,
        yearly.input_reason_code as reason_code,
        yearly.is_illustrative,
        yearly.input_correction as correction,
        {{ imputed_part('yearly.value', 'yearly.obs_status') }} as imputed_part,
        {{ suppressed_part('yearly.value', 'yearly.conf_status') }} as suppressed_part,
        {{ known_on('yearly') }} as vintage_on,
        indicator.is_additive,
        indicator.is_additive
        and indicator.unit_kind in ('count', 'money')
        and yearly.indicator_code <> '{{ var("population_indicator") }}' as has_per_head
    from {{ ref('int_observation__yearly') }} as yearly
    inner join {{ ref('indicators') }} as indicator
        on yearly.indicator_code = indicator.indicator_code
    where
        yearly.is_primary
        and yearly.activity_code = '{{ var("total_code") }}'
),

final as (
    select
        totals.indicator_code,
        totals.country_code,
        totals.region_code,
        totals.parent_code,
        totals.region_level,
        totals.peer_group,
        totals.is_peer,
        totals.year,
        totals.period_end,
        totals.unit_code,
        totals.method_version,
        totals.value,
        totals.reason_code,
        totals.is_illustrative,
        totals.correction,
        totals.imputed_part,
        totals.suppressed_part,
        totals.vintage_on,
        totals.is_additive,
        totals.has_per_head,
        population.value as population,
        population.correction as population_correction,
        population.imputed_part as population_imputed_part,
        population.suppressed_part as population_suppressed_part,
        population.vintage_on as population_vintage_on,
        {{ any_true_of(['population.is_illustrative']) }} as is_population_illustrative,
        case
            when totals.has_per_head then {{ computed(ratio('totals.value', 'population.value')) }}
        end as value_per_head,
        case
            when not totals.has_per_head then {{ reason('not_applicable') }}
            else {{ first_reason([
                ["totals.value is null", "totals.reason_code"],
                [
                    "population.value is null",
                    "coalesce(population.reason_code, " ~ reason('missing_input') ~ ")",
                ],
                ["population.value = 0", reason('zero_denominator')],
            ]) }}
        end as per_head_reason_code
    from totals
    left join population
        on totals.region_code = population.region_code
        and totals.year = population.year
)

select * from final
