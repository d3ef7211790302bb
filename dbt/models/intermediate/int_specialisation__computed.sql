{% set line = [
    'base_indicator_code', 'activity_classifier', 'country_code', 'peer_group', 'year',
    'unit_code', 'method_version',
] %}
{% set sides = [
    'population', 'area', 'establishments', 'consumption', 'outflow', 'cost', 'average_wage',
] %}
{% set kept = [
    'observation_id', 'base_indicator_code', 'base_kind', 'is_employment', 'is_output', 'is_export',
    'activity_classifier', 'activity_code', 'activity_level', 'is_part', 'activity_count',
    'country_code', 'region_code', 'region_level', 'peer_group', 'year', 'period_end', 'unit_code',
    'method_version', 'printed_value', 'value', 'obs_status', 'conf_status', 'printed_reason_code',
    'reason_code', 'is_illustrative', 'correction_id', 'corrected_value', 'correction_status',
    'region_total_kind', 'region_total', 'reference_kind', 'reference_coverage', 'activity_total',
    'reference_total', 'region_count', 'region_withheld_count', 'activity_withheld_count',
    'population_total', 'area_total', 'establishments_total', 'is_establishments_withheld',
    'is_focus_illustrative', 'is_size_illustrative', 'is_quotient_illustrative',
    'focus_correction', 'size_correction', 'quotient_correction', 'known_on', 'is_withheld',
    'is_secondary', 'is_imputed', 'bound_low', 'bound_high',
] %}
{% for name in sides %}
{% do kept.extend([
    name, name ~ '_reason_code', name ~ '_correction', 'is_' ~ name ~ '_illustrative',
]) %}
{% endfor %}
{% set no_value = [
    ["measured.value is null", "coalesce(measured.reason_code, " ~ reason('missing_input') ~ ")"],
] %}
{% set is_negative = [["measured.has_negative", reason('negative_input')]] %}
{# a part beyond its whole, by more than rounding; quotients may be made of shares of shares #}
{% set beyond_region = [
    [exceeds_whole("measured.value", "measured.region_total"), reason('contradictory_input')],
] %}
{% set beyond_activity = [
    [exceeds_whole("measured.value", "measured.activity_total"), reason('contradictory_input')],
] %}
{% set no_reference = [
    [
        "measured.region_total is null or measured.activity_total is null "
        ~ "or measured.reference_total is null",
        reason('incomplete_coverage'),
    ],
] %}
{% set no_activity_total = [["measured.activity_total is null", reason('incomplete_coverage')]] %}
{% set no_establishments = [
    ["measured.establishments is null", side_reason('measured.establishments')],
    ["measured.establishments < 0", reason('negative_input')],
] %}
{% set pending = {
    'focus': [[is_pending("measured.focus_correction"), reason('correction_pending')]],
    'size': [[is_pending("measured.size_correction"), reason('correction_pending')]],
    'quotient': [[is_pending("measured.quotient_correction"), reason('correction_pending')]],
} %}
{% set quotient_rules = no_value + pending.quotient + is_negative + no_reference + [
    ["measured.location_quotient is null", reason('zero_denominator')],
] %}
{# the rules by which a figure is missing, the first that holds #}
{% set rules = {
    'focus_share': no_value + pending.focus + is_negative + [
        ["measured.region_total is null", reason('incomplete_coverage')],
        ["measured.focus_share is null", reason('zero_denominator')],
    ] + beyond_region,
    'size_share': no_value + pending.size + is_negative + no_activity_total + [
        ["measured.size_share is null", reason('zero_denominator')],
    ] + beyond_activity,
    'location_quotient': quotient_rules,
    'quotient_of_rest': no_value + pending.quotient + is_negative + no_reference + [
        [
            "measured.activity_total < measured.value "
            ~ "or measured.reference_total < measured.region_total",
            reason('contradictory_input'),
        ],
        ["measured.quotient_of_rest is null", reason('zero_denominator')],
    ],
    'share_gap': no_value + pending.quotient + is_negative + no_reference + [
        ["measured.share_gap is null", reason('zero_denominator')],
    ],
    'symmetric_quotient': quotient_rules,
    'localisation': no_value + pending.quotient + is_negative + no_reference + [
        ["measured.localisation is null", reason('zero_denominator')],
    ],
    'specialisation': no_value + pending.quotient + is_negative + no_reference + [
        ["measured.specialisation is null", reason('zero_denominator')],
    ],
    'production_per_head': no_value + pending.size + is_negative + no_activity_total + [
        ["measured.population is null", side_reason('measured.population')],
        ["measured.population_total is null", reason('incomplete_coverage')],
        ["least(measured.population, measured.population_total) < 0", reason('negative_input')],
        ["measured.production_per_head is null", reason('zero_denominator')],
    ],
    'development': no_value + is_negative + [
        ["measured.consumption is null", side_reason('measured.consumption')],
        ["measured.consumption < 0", reason('negative_input')],
        ["measured.development is null", reason('zero_denominator')],
    ],
    'marketability': no_value + is_negative + [
        ["measured.outflow is null", side_reason('measured.outflow')],
        ["measured.outflow < 0", reason('negative_input')],
        ["measured.marketability is null", reason('zero_denominator')],
    ],
    'efficiency': no_value + is_negative + [
        ["measured.cost is null", side_reason('measured.cost')],
        ["measured.cost < 0", reason('negative_input')],
        ["measured.efficiency is null", reason('zero_denominator')],
    ],
    'mean_size': no_value + is_negative + no_establishments + [
        ["measured.mean_size is null", reason('zero_denominator')],
        [
            "measured.establishments < " ~ var('least_establishments'),
            reason('confidential_input'),
        ],
    ],
    'cluster_index': no_value + pending.size + is_negative + no_activity_total
    + no_establishments + [
        ["measured.establishments_total is null", reason('incomplete_coverage')],
        ["measured.population is null", side_reason('measured.population')],
        ["measured.population_total is null", reason('incomplete_coverage')],
        ["measured.area is null", side_reason('measured.area')],
        ["measured.area_total is null", reason('incomplete_coverage')],
        [
            "least(measured.population, measured.population_total, measured.area, "
            ~ "measured.area_total, measured.establishments_total) < 0",
            reason('negative_input'),
        ],
        ["measured.cluster_index is null", reason('zero_denominator')],
    ],
} %}
{# a withheld or imputed cell has an interval, where its totals are known #}
{% set interval_rules = [
    [
        "measured.is_secondary or measured.bound_low is null",
        "coalesce(measured.reason_code, " ~ reason('missing_input') ~ ")",
    ],
] + pending.quotient + is_negative + no_reference + [
    ["measured.quotient_low is null or measured.quotient_high is null", reason('zero_denominator')],
] %}

with cells as (
    select
        cell.observation_id,
        cell.base_indicator_code,
        cell.base_kind,
        cell.is_employment,
        cell.is_output,
        cell.is_export,
        cell.activity_classifier,
        cell.activity_code,
        cell.activity_level,
        cell.is_part,
        cell.activity_count,
        cell.country_code,
        cell.region_code,
        cell.region_level,
        cell.peer_group,
        cell.year,
        cell.period_end,
        cell.unit_code,
        cell.method_version,
        cell.printed_value,
        case when secondary.region_code is null then cell.value end as value,
        cell.value as known_value,
        cell.value_low,
        cell.value_high,
        cell.obs_status,
        cell.conf_status,
        cell.printed_reason_code,
        case
            when secondary.region_code is null then cell.reason_code
            else {{ reason('confidential_input') }}
        end as reason_code,
        cell.is_illustrative,
        cell.correction_id,
        cell.corrected_value,
        cell.correction_status,
        cell.region_total_kind,
        cell.region_total,
        cell.region_known_total,
        cell.region_withheld_count,
        cell.region_withheld_low,
        cell.reference_kind,
        cell.reference_coverage,
        cell.activity_total,
        cell.activity_known_total,
        cell.activity_withheld_count,
        cell.activity_withheld_low,
        cell.reference_total,
        cell.region_count,
        cell.population_total,
        cell.area_total,
        cell.establishments_total,
        cell.is_establishments_withheld,
        {% for name in sides %}
        cell.{{ name }},
        cell.{{ name }}_reason_code,
        cell.{{ name }}_correction,
        cell.is_{{ name }}_illustrative,
        {% endfor %}
        cell.is_focus_illustrative,
        cell.is_size_illustrative,
        cell.is_quotient_illustrative,
        cell.focus_correction,
        cell.size_correction,
        cell.quotient_correction,
        cell.known_on,
        secondary.region_code is not null as is_secondary,
        {{ is_suppressed('cell.value', 'cell.conf_status') }} as is_withheld,
        cell.value is not null and {{ is_imputed('cell.obs_status') }} as is_imputed
    from {{ ref('int_specialisation__input') }} as cell
    left join {{ ref('int_specialisation__secondary') }} as secondary
        on {{ same('cell', 'secondary', line) }}
        and cell.region_code = secondary.region_code
        and cell.activity_code = secondary.activity_code
),

intervals as (
    select
        {% for name in kept if name not in ('bound_low', 'bound_high') %}
        cells.{{ name }},
        {% endfor %}
        cells.known_value,
        greatest(coalesce(cells.value_low, 0), 0) as open_low,
        least(cells.value_high, cells.region_total, cells.activity_total) as open_high,
        least(
            cells.value_high,
            cells.region_total,
            cells.activity_total,
            {{ margin_high(
                'cells.region_total', 'cells.region_known_total', 'cells.region_withheld_low',
                'greatest(coalesce(cells.value_low, 0), 0)',
                'case when cells.is_part then cells.region_withheld_count end',
            ) }},
            {{ margin_high(
                'cells.activity_total', 'cells.activity_known_total',
                'cells.activity_withheld_low', 'greatest(coalesce(cells.value_low, 0), 0)',
                'cells.activity_withheld_count',
            ) }}
        ) as tight_high
    from cells
),

bounds as (
    select
        {% for name in kept if name not in ('bound_low', 'bound_high') %}
        intervals.{{ name }},
        {% endfor %}
        case
            when intervals.is_withheld or intervals.is_imputed then intervals.open_low
            else intervals.known_value
        end as bound_low,
        case
            when
                intervals.is_withheld
                and not ({{ is_revealing('intervals.open_low', 'intervals.tight_high') }})
                then intervals.tight_high
            when intervals.is_withheld or intervals.is_imputed then intervals.open_high
            else intervals.known_value
        end as bound_high
    from intervals
),

measured as (
    select
        {{ columns('cell', kept) }},
        {{ computed(within_whole(focus_share('cell.value', 'cell.region_total'))) }}
            as focus_share,
        {{ computed(focus_share('cell.activity_total', 'cell.reference_total')) }} as base_share,
        {{ computed(within_whole(size_share('cell.value', 'cell.activity_total'))) }}
            as size_share,
        {{ computed(location_quotient(
            'cell.value', 'cell.region_total', 'cell.activity_total', 'cell.reference_total'
        )) }} as location_quotient,
        {{ computed(location_quotient_of_rest(
            'cell.value', 'cell.region_total', 'cell.activity_total', 'cell.reference_total'
        )) }} as quotient_of_rest,
        {{ computed(share_gap(
            focus_share('cell.value', 'cell.region_total'),
            focus_share('cell.activity_total', 'cell.reference_total')
        )) }} as share_gap,
        {{ computed(symmetric_quotient('(' ~ location_quotient(
            'cell.value', 'cell.region_total', 'cell.activity_total', 'cell.reference_total'
        ) ~ ')')) }} as symmetric_quotient,
        {{ computed(localisation_coefficient(
            'cell.value', 'cell.region_total', 'cell.activity_total', 'cell.reference_total'
        )) }} as localisation,
        {{ computed(location_quotient(
            'cell.value', 'cell.region_total', 'cell.activity_total', 'cell.reference_total'
        )) }} as specialisation,
        {{ computed(per_head_coefficient(
            'cell.value', 'cell.activity_total', 'cell.population', 'cell.population_total'
        )) }} as production_per_head,
        {{ computed(development_coefficient('cell.value', 'cell.consumption')) }} as development,
        {{ computed(marketability_coefficient('cell.outflow', 'cell.value')) }} as marketability,
        {{ computed(efficiency_coefficient('cell.value', 'cell.cost')) }} as efficiency,
        {{ computed(mean_size('cell.value', 'cell.establishments')) }} as mean_size,
        {{ computed(cluster_index('cell')) }} as cluster_index,
        {{ computed(focus_share('cell.bound_low', 'cell.region_total')) }} as focus_low,
        {{ computed(focus_share('cell.bound_high', 'cell.region_total')) }} as focus_high,
        {{ computed(location_quotient(
            'cell.bound_low', 'cell.region_total', 'cell.activity_total', 'cell.reference_total'
        )) }} as quotient_low,
        {{ computed(location_quotient(
            'cell.bound_high', 'cell.region_total', 'cell.activity_total', 'cell.reference_total'
        )) }} as quotient_high,
        {{ computed(per_head_coefficient(
            'cell.bound_low', 'cell.activity_total', 'cell.population', 'cell.population_total'
        )) }} as per_head_low,
        {{ computed(per_head_coefficient(
            'cell.bound_high', 'cell.activity_total', 'cell.population', 'cell.population_total'
        )) }} as per_head_high,
        least(
            cell.value, cell.bound_low, cell.region_total, cell.activity_total,
            cell.reference_total
        ) < 0 as has_negative
    from bounds as cell
),

final as (
    select
        {{ columns('measured', kept) }},
        measured.base_share,
        measured.has_negative,
        measured.focus_low,
        measured.focus_high,
        measured.per_head_low,
        measured.per_head_high,
        measured.quotient_low as rule_quotient_low,
        measured.quotient_high as rule_quotient_high,
        {% for figure, reasons in rules.items() %}
        case when {{ first_reason(reasons) }} is null then measured.{{ figure }} end
            as {{ figure }},
        {{ first_reason(reasons) }} as {{ figure | replace('_share', '') }}_reason_code,
        {% endfor %}
        case when {{ first_reason(interval_rules) }} is null then measured.quotient_low end
            as quotient_low,
        case when {{ first_reason(interval_rules) }} is null then measured.quotient_high end
            as quotient_high,
        {{ first_reason(interval_rules) }} as interval_reason_code,
        {{ imputed_part('measured.value', 'measured.obs_status') }} as imputed_share,
        {{ computed(ratio(
            'cast(measured.region_withheld_count as double)', 'measured.activity_count'
        )) }} as region_suppressed_share,
        {{ computed(ratio(
            'cast(measured.activity_withheld_count as double)', 'measured.region_count'
        )) }} as activity_suppressed_share,
        coalesce(measured.marketability > 1, false) as is_outflow_above_output
    from measured
)

select * from final
