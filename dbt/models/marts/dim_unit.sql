with final as (
    select
        unit.unit_code,
        unit.name_ru,
        unit.name_en,
        unit.unit_kind,
        cast(unit.multiplier as double) as multiplier,
        unit.base_unit_code,
        cast(unit.currency_code as varchar) as currency_code
    from {{ ref('units') }} as unit
)

select * from final
