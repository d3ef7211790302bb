{{ config(materialized='view') }}

{% set of_employment = 'cell.is_employment' %}
{# indicator, column, rows, measures beside the cell #}
{% set rules = [
    ('STR_STARS', 'stars', of_employment, []),
    ('STR_QUAL', 'qualifying', of_employment, ['establishments']),
    ('STR_SIGN', 'significant', of_employment, ['establishments']),
    ('STR_STRONG', 'strong', of_employment, ['establishments']),
    ('STR_STRONG10', 'strong_decile', of_employment, ['establishments']),
    ('STR_PANO', 'panorama', of_employment, ['average_wage']),
    ('STR_RU', 'three_coefficients', 'cell.is_output', ['population']),
    ('STR_ABS', 'absolute', of_employment, ['establishments']),
] %}
{% set each = [] %}
{% for indicator, rule, where, measures in rules %}
{% set corrections = ['cell.correction'] %}
{% set flags = ['cell.is_quotient_illustrative'] %}
{% for measure in measures %}
{% do corrections.append('cell.' ~ measure ~ '_correction') %}
{% do flags.append('cell.is_' ~ measure ~ '_illustrative') %}
{% endfor %}
{% do each.append({
    'indicator_code': "'" ~ indicator ~ "'",
    'value': 'cell.' ~ rule,
    'unit_code': "'score'",
    'method_version': with_method('cell.method_version', "'" ~ rule_method(indicator) ~ "'"),
    'reason_code': 'cell.' ~ rule ~ '_reason_code',
    'correction_status': worst_correction(corrections + ['null']),
    'is_illustrative': any_true_of(flags),
    'where': where,
}) %}
{% endfor %}
{% for of, score in [
    ('quotient', 'standardised_quotient'), ('log_quotient', 'standardised_log_quotient')
] %}
{% do each.append({
    'indicator_code': "'SPC_LQ_Z'",
    'is_peer': 'true',
    'value': 'cell.' ~ score,
    'method_version': with_method(
        'cell.method_version', "'of=" ~ of ~ ";" ~ rule_method('SPC_LQ_Z') ~ "'"
    ),
    'reason_code': 'cell.' ~ score ~ '_reason_code',
    'correction_status': worst_correction(['cell.correction', 'null']),
    'is_illustrative': 'cell.is_quotient_illustrative',
    'where': "cell.activity_code <> '" ~ var('total_code') ~ "' or cell.is_employment",
}) %}
{% endfor %}

with final as (
    {{ figures(ref('int_specialisation__compared') ~ ' as cell', {
        'region_code': 'cell.region_code',
        'country_code': 'cell.country_code',
        'region_level': 'cell.region_level',
        'peer_group': 'cell.peer_group',
        'activity_classifier': 'cell.activity_classifier',
        'activity_code': 'cell.activity_code',
        'year': 'cell.year',
        'period_end': 'cell.period_end',
        'base_indicator_code': 'cell.base_indicator_code',
        'obs_status': 'cell.obs_status',
        'coverage': 'coalesce('
            ~ ratio('cast(cell.known_count as double)', 'cell.region_count') ~ ', 0.0)',
        'imputed_share': 'cell.imputed_share',
        'suppressed_share': 'cell.activity_suppressed_share',
        'reference_kind': 'cell.reference_kind',
        'vintage_on': 'cell.known_on',
        'region_count': 'cell.region_count',
    }, each) }}
    union all
    {{ figures(ref('int_specialisation__bases') ~ ' as cell', {
        'region_code': 'cell.region_code',
        'country_code': 'cell.country_code',
        'region_level': 'cell.region_level',
        'peer_group': 'cell.peer_group',
        'activity_classifier': 'cell.activity_classifier',
        'activity_code': 'cell.activity_code',
        'year': 'cell.year',
        'period_end': 'cell.period_end',
        'base_indicator_code': 'cell.base_indicator_code',
    }, [
        {
            'indicator_code': "'STR_BASE'",
            'value': 'cell.agreeing_count',
            'unit_code': "'score'",
            'method_version': "'" ~ rule_method('STR_BASE') ~ "' || coalesce(cell.known_bases, '')",
            'reason_code': 'cell.reason_code',
            'correction_status': 'cell.correction',
            'coverage': 'cell.coverage',
            'imputed_share': 'cell.imputed_share',
            'suppressed_share': 'cell.suppressed_share',
            'vintage_on': 'cell.known_on',
            'region_count': 'cell.region_count',
            'is_illustrative': 'cell.is_illustrative',
        },
    ]) }}
)

select * from final
