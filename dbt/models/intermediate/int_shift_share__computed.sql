{% set region_series = [
    'comparison', 'base_indicator_code', 'activity_classifier', 'country_code', 'region_code',
    'region_level', 'peer_group', 'year', 'period_end', 'base_year', 'unit_code', 'method_version',
    'activity_count',
] %}
{% set region_key = [
    'comparison', 'base_indicator_code', 'activity_classifier', 'country_code', 'region_code',
    'year', 'base_year',
] %}

with cells as (
    select
        {{ columns('cell', region_series) }},
        cell.activity_code,
        cell.value,
        cell.base_value
        * case
            when
                cell.boundary_version <> cell.base_boundary_version
                or cell.activity_classifier <> cell.base_activity_classifier
                then coalesce(cell.bridge_weight, 1)
            else 1
        end as base_value,
        cell.activity_total,
        cell.base_activity_total,
        cell.reference_total,
        cell.base_reference_total,
        cell.base_activity_count,
        cell.unit_code <> cell.base_unit_code as is_other_unit,
        cell.method_version <> cell.base_method_version as is_other_method,
        cell.boundary_version <> cell.base_boundary_version as is_other_territory,
        cell.activity_classifier <> cell.base_activity_classifier as is_other_classifier,
        cell.bridge_weight,
        cell.is_withheld,
        cell.is_imputed,
        cell.reference_kind,
        cell.is_illustrative,
        cell.correction
    from {{ ref('int_shift_share__input') }} as cell
    where cell.year > cell.base_year
),

regions as (
    select
        {{ columns('cells', region_key) }},
        {{ decimal_sum('cells.base_value', 15) }} as base_value
    from cells
    group by {{ columns('cells', region_key) }}
),

grown as (
    select
        {{ columns('cells', region_series) }},
        cells.activity_code,
        cells.value,
        cells.base_value,
        cells.activity_total,
        cells.base_activity_total,
        cells.reference_total,
        cells.base_reference_total,
        cells.base_activity_count,
        cells.is_other_unit,
        cells.is_other_method,
        cells.is_other_territory,
        cells.is_other_classifier,
        cells.bridge_weight,
        cells.is_withheld,
        cells.is_imputed,
        cells.reference_kind,
        cells.is_illustrative,
        cells.correction,
        {{ national_growth('cells.reference_total', 'cells.base_reference_total') }} as g,
        {{ national_growth('cells.activity_total', 'cells.base_activity_total') }} as g_i,
        {{ homothetic(
            'regions.base_value', 'cells.base_activity_total', 'cells.base_reference_total'
        ) }} as homothetic_value
    from cells
    inner join regions on {{ same('cells', 'regions', region_key) }}
),

-- what is homothetic to nothing has no effect, whatever its growth
gapped as (
    select
        {{ columns('grown', region_series) }},
        grown.activity_code,
        grown.value,
        grown.base_value,
        grown.activity_total,
        grown.base_activity_total,
        grown.reference_total,
        grown.base_reference_total,
        grown.base_activity_count,
        grown.is_other_unit,
        grown.is_other_method,
        grown.is_other_territory,
        grown.is_other_classifier,
        grown.bridge_weight,
        grown.is_withheld,
        grown.is_imputed,
        grown.reference_kind,
        grown.is_illustrative,
        grown.correction,
        grown.g,
        grown.g_i,
        grown.homothetic_value,
        case
            when grown.base_activity_total = 0 and grown.activity_total = 0 then 0
            else {{ ratio('grown.value', 'grown.base_value') }} - 1 - grown.g_i
        end as growth_gap
    from grown
),

measured as (
    select
        {{ columns('gapped', region_series) }},
        count(gapped.value) as value_count,
        count(gapped.base_value) as base_value_count,
        count(gapped.activity_total + gapped.reference_total) as total_count,
        count(gapped.base_activity_total + gapped.base_reference_total) as base_total_count,
        count(gapped.g_i) as growth_count,
        count(gapped.growth_gap) as gap_count,
        max(gapped.base_activity_count) as base_activity_count,
        {{ any_true('gapped.is_other_unit') }} as is_other_unit,
        {{ any_true('gapped.is_other_method') }} as is_other_method,
        {{ any_true('gapped.is_other_territory and gapped.bridge_weight is null') }} as is_broken,
        {{ any_true('gapped.is_other_classifier and gapped.bridge_weight is null') }}
            as is_reclassified,
        {{ any_true(
            '(gapped.is_other_territory or gapped.is_other_classifier) '
            ~ 'and gapped.bridge_weight is not null'
        ) }} as is_bridged,
        {{ any_true('gapped.is_withheld') }} as is_withheld,
        {{ any_true('gapped.is_illustrative') }} as is_illustrative,
        max(gapped.correction) as correction,
        max(gapped.reference_kind) as reference_kind,
        count(case when gapped.is_withheld then 1 end) as withheld_count,
        min(least(
            gapped.value, gapped.base_value, gapped.activity_total, gapped.base_activity_total
        )) as lowest,
        max(gapped.g) as g,
        max(gapped.reference_total) as reference_total,
        max(gapped.base_reference_total) as base_reference_total,
        {{ decimal_sum('gapped.activity_total', 15) }} as activity_sum,
        {{ decimal_sum('gapped.base_activity_total', 15) }}
            as base_activity_sum,
        {{ decimal_sum('gapped.value', 15) }} as value,
        {{ decimal_sum('gapped.base_value', 15) }} as base_value,
        {{ decimal_sum(
            'case when gapped.is_imputed then gapped.value else 0 end', 15
        ) }} as imputed_value,
        {{ decimal_sum('gapped.base_value * (1 + gapped.g_i)', 15) }}
            as expected_value,
        {{ decimal_sum(national_share('gapped.base_value', 'gapped.g'), 15) }}
            as national_share,
        {{ decimal_sum(
            industrial_mix('gapped.base_value', 'gapped.g_i', 'gapped.g'), 15
        ) }} as industrial_mix,
        {{ decimal_sum(
            regional_shift('gapped.value', 'gapped.base_value', 'gapped.g_i'), 15
        ) }} as regional_shift,
        {{ decimal_sum(
            competitive_effect('gapped.homothetic_value', 'gapped.growth_gap'), 15
        ) }} as competitive_effect,
        {{ decimal_sum(
            allocation_effect('gapped.base_value', 'gapped.homothetic_value', 'gapped.growth_gap'),
            15
        ) }} as allocation_effect
    from gapped
    group by {{ columns('gapped', region_series) }}
),

explained as (
    select
        {{ columns('measured', region_series) }},
        measured.is_bridged,
        measured.is_illustrative,
        measured.correction,
        measured.reference_kind,
        {{ computed(ratio(
            'cast(least(measured.value_count, measured.base_value_count) as double)',
            'measured.activity_count',
        )) }} as coverage,
        {{ computed(ratio('measured.imputed_value', 'measured.value')) }} as imputed_share,
        {{ computed(ratio('cast(measured.withheld_count as double)', 'measured.activity_count')) }}
            as suppressed_share,
        measured.value,
        measured.base_value,
        measured.national_share,
        measured.industrial_mix,
        measured.regional_shift,
        measured.competitive_effect,
        measured.allocation_effect,
        {{ location_factor('measured.value', 'measured.expected_value') }} as location_factor,
        {{ mix_factor('measured.expected_value', 'measured.base_value', 'measured.g') }}
            as mix_factor,
        {{ regional_factor('measured.value', 'measured.base_value', 'measured.g') }}
            as regional_factor,
        measured.gap_count < measured.activity_count as has_new_activity,
        {{ first_reason([
            [is_pending('measured.correction'), reason('correction_pending')],
            ["measured.is_withheld", reason('confidential_input')],
            ["measured.is_broken", reason('boundary_break')],
            ["measured.is_reclassified", reason('classifier_break')],
            ["measured.base_value_count = 0", reason('missing_input')],
            ["measured.is_other_unit", reason('unit_break')],
            ["measured.is_other_method", reason('method_break')],
            [
                "measured.value_count < measured.activity_count "
                ~ "or measured.base_value_count < measured.activity_count "
                ~ "or measured.base_activity_count <> measured.activity_count "
                ~ "or measured.total_count < measured.activity_count "
                ~ "or measured.base_total_count < measured.activity_count",
                reason('incomplete_coverage'),
            ],
            ["measured.lowest < 0", reason('negative_input')],
            [
                "measured.reference_total = 0 or measured.base_reference_total = 0",
                reason('zero_denominator'),
            ],
            [
                "abs(" ~ ratio('measured.activity_sum', 'measured.reference_total') ~ " - 1) > "
                ~ var('whole_tolerance') ~ " or abs("
                ~ ratio('measured.base_activity_sum', 'measured.base_reference_total')
                ~ " - 1) > " ~ var('whole_tolerance'),
                reason('incomplete_coverage'),
            ],
            ["measured.growth_count < measured.activity_count", reason('zero_denominator')],
        ]) }} as reason_code
    from measured
),

final as (
    select
        {{ columns('explained', region_series) }},
        explained.is_bridged,
        false as is_deflated,
        explained.is_illustrative,
        explained.correction,
        explained.reference_kind,
        explained.coverage,
        explained.imputed_share,
        explained.suppressed_share,
        explained.reason_code,
        {{ first_reason([
            ["explained.reason_code is not null", "explained.reason_code"],
            ["explained.has_new_activity", reason('zero_denominator')],
        ]) }} as effect_reason_code,
        case
            when explained.reason_code is null
                then {{ computed(absolute_change('explained.value', 'explained.base_value')) }}
        end as change,
        {% for column in ['national_share', 'industrial_mix', 'regional_shift'] %}
        case when explained.reason_code is null then {{ computed('explained.' ~ column) }} end
            as {{ column }},
        {% endfor %}
        {% for column in ['competitive_effect', 'allocation_effect'] %}
        case
            when explained.reason_code is null and not explained.has_new_activity
                then {{ computed('explained.' ~ column) }}
        end as {{ column }},
        {% endfor %}
        {% for column in ['location_factor', 'mix_factor', 'regional_factor'] %}
        case when explained.reason_code is null then {{ computed('explained.' ~ column) }} end
            as {{ column }},
        case
            when explained.reason_code is not null then explained.reason_code
            when explained.{{ column }} is null then {{ reason('zero_denominator') }}
        end as {{ column }}_reason_code,
        {% endfor %}
        explained.value,
        explained.base_value
    from explained
)

select * from final
