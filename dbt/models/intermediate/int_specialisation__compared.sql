{% set line = [
    'base_indicator_code', 'activity_classifier', 'activity_code', 'country_code', 'peer_group',
    'year', 'unit_code', 'method_version',
] %}
{% set kept = [
    'observation_id', 'base_indicator_code', 'is_employment', 'is_output', 'activity_classifier',
    'activity_code', 'country_code', 'region_code', 'region_level', 'peer_group', 'year',
    'period_end', 'unit_code', 'method_version', 'obs_status', 'reference_kind', 'region_count',
    'known_count', 'is_quotient_illustrative', 'is_establishments_illustrative',
    'is_population_illustrative', 'is_average_wage_illustrative', 'correction',
    'establishments_correction', 'population_correction', 'average_wage_correction', 'known_on',
    'imputed_share', 'activity_suppressed_share',
] %}
{# conditions: figure, sign, bound for its least and for its most favourable end #}
{% set one = var('specialised_quotient') %}
{% set size_above = ('cell.size', '>', 'cell.size_q25_high', 'cell.size_q25_low') %}
{% set establishments_above = (
    'cell.establishments', '>', 'cell.establishments_q25_high', 'cell.establishments_q25_low'
) %}
{% set qualifying = [
    ('cell.quotient', '>', 'cell.quotient_q25_high', 'cell.quotient_q25_low'),
    size_above, establishments_above,
] %}
{% set significant = [
    ('cell.quotient', '>', 'cell.quotient_q50_high', 'cell.quotient_q50_low'),
    size_above, establishments_above,
] %}
{% set strong = [
    ('cell.quotient', '>=', 'cell.quotient_q75_high', 'cell.quotient_q75_low'),
    ('cell.quotient', '>=', one, one),
    size_above, establishments_above,
] %}
{% set strong_decile = [
    ('cell.quotient', '>=', 'cell.quotient_q90_high', 'cell.quotient_q90_low'),
    ('cell.quotient', '>=', one, one),
    size_above, establishments_above,
] %}
{% set stars = [
    ('cell.size', '>=', 'cell.size_star_high', 'cell.size_star_low'),
    ('cell.quotient', '>=', var('star_quotient'), var('star_quotient')),
    ('cell.focus', '>=', 'cell.focus_star_high', 'cell.focus_star_low'),
] %}
{% set three_coefficients = [
    ('cell.quotient', '>=', one, one),
    ('cell.per_head', '>=', one, one),
] %}
{% set absolute = {
    'quotient': var('absolute_quotient'), 'size': var('absolute_size'),
    'establishments': var('absolute_establishments'),
} %}
{% set panorama = {
    'size': var('panorama_size'), 'quotient': var('panorama_quotient'),
    'average_wage': var('panorama_wage'),
} %}
{% set absolute_rule, panorama_rule, unset_absolute, unset_panorama = [], [], [], [] %}
{% for figure, number in absolute.items() %}
{% do absolute_rule.append(('cell.' ~ figure, '>=', threshold(number), threshold(number))) %}
{% do unset_absolute.append([threshold(number) ~ ' is null', reason('parameter_not_set')]) %}
{% endfor %}
{% for figure, number in panorama.items() %}
{% do panorama_rule.append(('cell.' ~ figure, '>=', threshold(number), threshold(number))) %}
{% do unset_panorama.append([threshold(number) ~ ' is null', reason('parameter_not_set')]) %}
{% endfor %}

{% set no_value = [
    [
        "rated.value is null and (rated.size_high is null or not rated.is_withheld)",
        "coalesce(rated.reason_code, " ~ reason('missing_input') ~ ")",
    ],
    [
        is_pending("rated.own_correction") ~ " or " ~ is_pending("rated.correction"),
        reason('correction_pending'),
    ],
    ["rated.has_negative", reason('negative_input')],
    [
        "rated.region_total is null or rated.activity_total is null "
        ~ "or rated.reference_total is null",
        reason('incomplete_coverage'),
    ],
    [
        "rated.quotient_low is null or rated.quotient_high is null",
        reason('zero_denominator'),
    ],
] %}
{% set no_establishments = [
    ["rated.establishments_low is null", side_reason('rated.establishments')],
    ["rated.establishments_low < 0", reason('negative_input')],
] %}
{% set no_population = [
    ["rated.population is null", side_reason('rated.population')],
    ["rated.population_total is null", reason('incomplete_coverage')],
    ["least(rated.population, rated.population_total) < 0", reason('negative_input')],
    ["rated.per_head_low is null", reason('zero_denominator')],
] %}
{% set no_wage = [["rated.average_wage_low is null", side_reason('rated.average_wage')]] %}
{% set no_line = [
    [
        "rated.known_count < rated.region_count "
        ~ "or rated.present_quotient_count < rated.present_count",
        reason('incomplete_coverage'),
    ],
    ["rated.present_count < 2", reason('too_few_regions')],
] %}
{% set no_ranks = no_value + no_establishments + no_line + [
    ["rated.present_establishments_count < rated.present_count", reason('incomplete_coverage')],
] %}
{# a rule, and why it may say nothing before it is asked #}
{% set rules = {
    'stars': [number_that_hold(stars), no_value + no_line],
    'qualifying': [holds(qualifying), no_ranks],
    'significant': [holds(significant), no_ranks],
    'strong': [holds(strong), no_ranks],
    'strong_decile': [holds(strong_decile), no_ranks],
    'panorama': [number_that_hold(panorama_rule), unset_panorama + no_value + no_wage],
    'three_coefficients': [holds(three_coefficients), no_value + no_population],
    'absolute': [holds(absolute_rule), unset_absolute + no_value + no_establishments],
} %}
{% set no_score = [
    ["rated.value is null", "coalesce(rated.reason_code, " ~ reason('missing_input') ~ ")"],
    [
        is_pending("rated.own_correction") ~ " or " ~ is_pending("rated.correction"),
        reason('correction_pending'),
    ],
    ["rated.location_quotient is null", "rated.location_quotient_reason_code"],
    ["rated.has_hidden", reason('confidential_input')],
    [
        "rated.known_count < rated.region_count or rated.quotient_count < rated.known_count",
        reason('incomplete_coverage'),
    ],
    ["rated.quotient_count < 2", reason('too_few_regions')],
] %}
{% set scores = {
    'standardised_quotient': no_score + [
        ["rated.standardised_quotient is null", reason('zero_denominator')],
    ],
    'standardised_log_quotient': no_score + [
        ["rated.positive_quotient_count < rated.quotient_count", reason('zero_input')],
        ["rated.standardised_log_quotient is null", reason('zero_denominator')],
    ],
} %}
{% set in_line = [
    'known_count', 'present_count', 'present_quotient_count', 'present_establishments_count',
    'has_hidden', 'correction', 'quotient_count', 'positive_quotient_count',
    'quotient_mean', 'quotient_deviation', 'log_quotient_mean', 'log_quotient_deviation',
    'quotient_q25_low', 'quotient_q25_high', 'quotient_q50_low', 'quotient_q50_high',
    'quotient_q75_low', 'quotient_q75_high', 'quotient_q90_low', 'quotient_q90_high',
    'size_q25_low', 'size_q25_high', 'size_star_low', 'size_star_high', 'focus_star_low',
    'focus_star_high', 'establishments_q25_low', 'establishments_q25_high',
] %}

{% set in_cells = [
    'observation_id', 'base_indicator_code', 'is_employment', 'is_output', 'activity_classifier',
    'activity_code', 'country_code', 'region_code', 'region_level', 'peer_group', 'year',
    'period_end', 'unit_code', 'method_version', 'value', 'obs_status', 'reason_code',
    'reference_kind', 'region_count', 'region_total', 'activity_total', 'reference_total',
    'is_withheld', 'has_negative', 'is_quotient_illustrative', 'is_establishments_illustrative',
    'is_population_illustrative', 'is_average_wage_illustrative', 'own_correction',
    'establishments_correction', 'population_correction', 'average_wage_correction', 'known_on',
    'imputed_share', 'activity_suppressed_share', 'location_quotient',
    'location_quotient_reason_code', 'quotient_low', 'quotient_high', 'size_low', 'size_high',
    'focus_low', 'focus_high', 'per_head_low', 'per_head_high', 'population', 'population_total',
    'population_reason_code', 'establishments_reason_code', 'establishments_low',
    'establishments_high', 'average_wage_low', 'average_wage_high', 'average_wage_reason_code',
] + in_line %}

-- each cell with the line of its table: the same activity in all regions of its peer group
with cells as (
    select
        cell.observation_id,
        cell.base_indicator_code,
        cell.is_employment,
        cell.is_output,
        cell.activity_classifier,
        cell.activity_code,
        cell.country_code,
        cell.region_code,
        cell.region_level,
        cell.peer_group,
        cell.year,
        cell.period_end,
        cell.unit_code,
        cell.method_version,
        cell.value,
        cell.obs_status,
        cell.reason_code,
        cell.reference_kind,
        cell.region_count,
        cell.region_total,
        cell.activity_total,
        cell.reference_total,
        cell.is_withheld,
        cell.has_negative,
        cell.is_quotient_illustrative,
        cell.is_establishments_illustrative,
        cell.is_population_illustrative,
        cell.is_average_wage_illustrative,
        cell.quotient_correction as own_correction,
        cell.establishments_correction,
        cell.population_correction,
        cell.average_wage_correction,
        greatest(cell.known_on, line.known_on) as known_on,
        cell.imputed_share,
        cell.activity_suppressed_share,
        cell.location_quotient,
        cell.location_quotient_reason_code,
        cell.rule_quotient_low as quotient_low,
        cell.rule_quotient_high as quotient_high,
        cell.bound_low as size_low,
        cell.bound_high as size_high,
        cell.focus_low,
        cell.focus_high,
        cell.per_head_low,
        cell.per_head_high,
        cell.population,
        cell.population_total,
        cell.population_reason_code,
        cell.establishments_reason_code,
        case when cell.is_establishments_withheld then 0 else cell.establishments end
            as establishments_low,
        case
            when cell.is_establishments_withheld then {{ unbounded() }} else cell.establishments
        end as establishments_high,
        cell.average_wage as average_wage_low,
        cell.average_wage as average_wage_high,
        cell.average_wage_reason_code,
        {{ columns('line', in_line) }}
    from {{ ref('int_specialisation__computed') }} as cell
    inner join {{ ref('int_specialisation__line') }} as line
        on {{ same('cell', 'line', line) }}
),

rated as (
    select
        {{ columns('cell', in_cells) }},
        {% for rule, said in rules.items() %}
        {{ said[0] }} as {{ rule }},
        {% endfor %}
        {{ computed(standardised(
            'cell.location_quotient', 'cell.quotient_mean', 'cell.quotient_deviation'
        )) }} as standardised_quotient,
        {{ computed(standardised(
            positive_logarithm('cell.location_quotient'), 'cell.log_quotient_mean',
            'cell.log_quotient_deviation'
        )) }} as standardised_log_quotient
    from cells as cell
),

final as (
    select
        {{ columns('rated', kept) }},
        {% for score, reasons in scores.items() %}
        case when {{ first_reason(reasons) }} is null then rated.{{ score }} end as {{ score }},
        {{ first_reason(reasons) }} as {{ score }}_reason_code,
        {% endfor %}
        {% for rule, said in rules.items() %}
        {% set reasons = said[1] + [["rated." ~ rule ~ " is null", reason('undetermined')]] %}
        case when {{ first_reason(reasons) }} is null then rated.{{ rule }} end as {{ rule }},
        {{ first_reason(reasons) }} as {{ rule }}_reason_code,
        {% endfor %}
        case
            when rated.region_count < {{ var('rank_rule_regions') }}
                then {{ reason('too_few_regions') }}
        end as rule_warning
    from rated
)

select * from final
