with totals as (
    select
        yearly.indicator_code,
        yearly.country_code,
        yearly.region_code,
        yearly.region_level,
        yearly.peer_group,
        yearly.year,
        yearly.period_end,
        yearly.input_value as value,
        yearly.input_correction as correction,
        yearly.is_illustrative,
        {{ imputed_part('yearly.value', 'yearly.obs_status') }} as imputed_part,
        {{ suppressed_part('yearly.value', 'yearly.conf_status') }} as suppressed_part,
        {{ known_on('yearly') }} as vintage_on
    from {{ ref('int_observation__yearly') }} as yearly
    where
        yearly.is_primary
        and yearly.activity_code = '{{ var("total_code") }}'
        and (yearly.is_peer or yearly.region_level = 0)
),

final as (
    select
        rule.factor_code,
        rule.base_code,
        rule.product_code,
        rule.times,
        factor.country_code,
        factor.region_level,
        factor.peer_group,
        factor.region_code,
        factor.year,
        factor.period_end,
        factor.value as factor_value,
        base.value as base_value,
        product.value as product_value,
        {{ any_true_of([
            'factor.is_illustrative', 'base.is_illustrative', 'product.is_illustrative',
        ]) }} as is_illustrative,
        {{ worst_correction(['factor.correction', 'base.correction', 'product.correction']) }}
            as correction,
        greatest(factor.imputed_part, base.imputed_part, product.imputed_part) as imputed_part,
        greatest(factor.suppressed_part, base.suppressed_part, product.suppressed_part)
            as suppressed_part,
        greatest(factor.vintage_on, base.vintage_on, product.vintage_on) as vintage_on
    from {{ ref('cross_checks') }} as rule
    inner join totals as factor on rule.factor_code = factor.indicator_code
    left join totals as base
        on rule.base_code = base.indicator_code
        and factor.region_code = base.region_code
        and factor.year = base.year
    left join totals as product
        on rule.product_code = product.indicator_code
        and factor.region_code = product.region_code
        and factor.year = product.year
)

select * from final
