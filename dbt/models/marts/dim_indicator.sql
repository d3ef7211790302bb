with final as (
    select
        indicator.indicator_code,
        indicator.name_ru,
        indicator.name_en,
        indicator.indicator_kind,
        indicator.definition,
        cast(indicator.formula as varchar) as formula,
        indicator.level_code,
        indicator.unit_kind,
        cast(indicator.range_low as double) as range_low,
        cast(indicator.range_high as double) as range_high,
        indicator.direction,
        cast(indicator.is_additive as boolean) as is_additive,
        cast(indicator.source_note as varchar) as source_note,
        cast(indicator.computed_by as varchar) as computed_by
    from {{ ref('indicators') }} as indicator
)

select * from final
