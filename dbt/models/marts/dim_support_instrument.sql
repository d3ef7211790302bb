-- an instrument of the international list stands under the national measure that it is a kind of;
-- one without a counterpart stands for itself
with instruments as (
    select
        instrument.value_code as instrument_code,
        instrument.parent_code,
        instrument.name_ru,
        instrument.name_en
    from {{ ref('dimension_values') }} as instrument
    where instrument.dimension_code = 'support_instrument'
),

final as (
    select
        instruments.instrument_code,
        coalesce(instruments.parent_code, instruments.instrument_code) as measure_code,
        instruments.name_ru,
        instruments.name_en,
        measures.name_ru as measure_name_ru,
        measures.name_en as measure_name_en
    from instruments
    left join instruments as measures
        on coalesce(instruments.parent_code, instruments.instrument_code)
        = measures.instrument_code
)

select * from final
