with accepted as (
    select
        obs.observation_id,
        obs.file_id,
        obs.contract_id,
        obs.table_name,
        obs.cell,
        obs.indicator_code,
        {{ breakdown_key('obs.breakdown') }} as breakdown_key,
        obs.region_code,
        obs.activity_classifier,
        obs.activity_code,
        obs.period_start,
        obs.period_end,
        obs.value,
        obs.multiplier,
        obs.unit_code,
        obs.currency_code,
        nullif(obs.price_base, 'current') as price_base,
        obs.obs_status,
        obs.conf_status,
        obs.reason_code,
        obs.is_illustrative,
        obs.correction_id,
        obs.value_corrected,
        obs.correction_status,
        obs.released_on,
        obs.received_at
    from {{ ref('stg_observation') }} as obs
    inner join {{ ref('int_file__accepted') }} as file on obs.file_id = file.file_id
),

-- the printed unit becomes its base unit; money of a replaced currency becomes its successor's
units as (
    select
        unit.unit_code,
        coalesce(successor_unit.unit_code, unit.base_unit_code) as base_unit_code,
        case
            when successor_unit.unit_code is null then 1
            else currency.units_per_successor
        end as units_per_base_unit
    from {{ ref('units') }} as unit
    left join {{ ref('currencies') }} as currency on unit.currency_code = currency.currency_code
    left join {{ ref('units') }} as successor_unit
        on replace(unit.base_unit_code, unit.currency_code, currency.successor_code)
        = successor_unit.unit_code
        and currency.successor_code = successor_unit.currency_code
),

converted as (
    select
        accepted.observation_id,
        accepted.file_id,
        accepted.contract_id,
        accepted.table_name,
        accepted.cell,
        accepted.indicator_code,
        accepted.breakdown_key,
        accepted.region_code,
        case
            when accepted.activity_code is null or activity.activity_level = 0
                then '{{ var("not_applicable_code") }}'
            else accepted.activity_classifier
        end as activity_classifier,
        case
            when accepted.activity_code is null or activity.activity_level = 0
                then '{{ var("total_code") }}'
            else accepted.activity_code
        end as activity_code,
        accepted.period_start,
        accepted.period_end,
        {{ computed('accepted.value * accepted.multiplier / units.units_per_base_unit') }}
            as value,
        {{ computed('accepted.value_corrected * accepted.multiplier / units.units_per_base_unit') }}
            as corrected_value,
        units.base_unit_code as unit_code,
        accepted.price_base,
        accepted.obs_status,
        accepted.conf_status,
        accepted.reason_code,
        accepted.is_illustrative,
        accepted.correction_id,
        accepted.correction_status,
        accepted.released_on,
        accepted.received_at
    from accepted
    inner join units on accepted.unit_code = units.unit_code
    left join {{ ref('activities') }} as activity
        on accepted.activity_classifier = activity.classifier_code
        and accepted.activity_code = activity.activity_code
),

-- a later vintage of one source replaces the earlier, also when it withdraws the figure
final as (
    select
        converted.observation_id,
        converted.file_id,
        converted.contract_id,
        converted.table_name,
        converted.cell,
        converted.indicator_code,
        converted.breakdown_key,
        converted.region_code,
        converted.activity_classifier,
        converted.activity_code,
        converted.period_start,
        converted.period_end,
        converted.value,
        converted.unit_code,
        converted.price_base,
        converted.obs_status,
        converted.conf_status,
        converted.reason_code,
        converted.is_illustrative,
        converted.correction_id,
        converted.corrected_value,
        converted.correction_status,
        converted.released_on,
        converted.received_at,
        {{ known_on('converted') }} as known_on,
        cast(row_number() over {{ latest_vintage_first('converted') }} as integer)
            as vintage_number,
        cast(count(*) over {{ vintages_of_one('converted') }} as integer) as vintage_count
    from converted
)

select * from final
