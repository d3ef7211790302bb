with final as (
    select
        indicator.indicator_code,
        indicator.name_ru,
        indicator.name_en,
        cast(indicator.name_be as varchar) as name_be,
        cast(indicator.name_kk as varchar) as name_kk,
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
        cast(indicator.computed_by as varchar) as computed_by,
        cast(indicator.input_model as varchar) as input_model,
        cast(indicator.inputs as varchar) as inputs,
        cast(indicator.edge_rules as varchar) as edge_rules,
        cast(indicator.formula_version as varchar) as formula_version
    from {{ ref('indicators') }} as indicator
)

select * from final
