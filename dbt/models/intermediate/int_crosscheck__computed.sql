{% set rule = ['factor_code', 'base_code', 'product_code'] %}

with followed as (
    select
        checked.*,
        lag(checked.year) over in_series as before_year,
        lag(checked.factor_value) over in_series as before_factor,
        lag(checked.product_value) over in_series as before_product,
        lag(checked.correction) over in_series as before_correction
    from {{ ref('int_crosscheck__input') }} as checked
    window in_series as (
        partition by {{ columns('checked', rule) }}, checked.region_code
        order by checked.year
    )
),

reasoned as (
    select
        followed.*,
        {{ first_reason([
            [is_pending("followed.correction"), reason('correction_pending')],
            ["followed.suppressed_part > 0", reason('confidential_input')],
            [
                "followed.factor_value + followed.base_value + followed.product_value is null",
                reason('missing_input'),
            ],
            ["followed.product_value = 0", reason('zero_denominator')],
        ]) }} as gap_reason_code,
        {{ first_reason([
            [
                is_pending("followed.correction") ~ " or followed.before_year = followed.year - 1 and "
                ~ is_pending("followed.before_correction"),
                reason('correction_pending'),
            ],
            ["followed.suppressed_part > 0", reason('confidential_input')],
            [
                "followed.before_year is null or followed.before_year <> followed.year - 1 "
                ~ "or followed.factor_value + followed.product_value "
                ~ "+ followed.before_factor + followed.before_product is null",
                reason('missing_input'),
            ],
        ]) }} as direction_reason_code
    from followed
),

final as (
    select
        {{ columns('reasoned', rule) }},
        reasoned.country_code,
        reasoned.region_level,
        reasoned.peer_group,
        reasoned.region_code,
        reasoned.year,
        reasoned.period_end,
        reasoned.factor_value,
        reasoned.base_value,
        reasoned.product_value,
        reasoned.is_illustrative,
        {{ worst_correction(['reasoned.correction', 'reasoned.before_correction']) }} as correction,
        reasoned.imputed_part,
        reasoned.suppressed_part,
        reasoned.vintage_on,
        reasoned.gap_reason_code,
        reasoned.direction_reason_code,
        case
            when reasoned.gap_reason_code is null
                then {{ computed(cross_gap(
                    'reasoned.factor_value', 'reasoned.base_value', 'reasoned.product_value',
                    'reasoned.times'
                )) }}
        end as gap,
        case
            when reasoned.direction_reason_code is null
                then {{ directions_disagree(
                    absolute_change('reasoned.factor_value', 'reasoned.before_factor'),
                    absolute_change('reasoned.product_value', 'reasoned.before_product')
                ) }}
        end as has_other_direction
    from reasoned
)

select * from final
