{{ config(materialized='view') }}

{# a region of which no source says anything by activity has one row, for its lack of a measure #}
{% set is_cell = "cell.activity_code <> '" ~ var('total_code') ~ "'" %}
{% set is_any = is_cell ~ " or cell.is_employment" %}
{% set coverage = 'coalesce(cell.reference_coverage, 0.0)' %}
{% set own_coverage = 'case when cell.value is null then 0.0 else 1.0 end' %}
{% set region_coverage = 'case when cell.region_total is null then 0.0 else 1.0 end' %}
{% set in_line = 'cell.activity_suppressed_share' %}
{% set in_region = 'cell.region_suppressed_share' %}
{# indicator, value, reasons, unit, rows, which totals, coverage, part that is withheld #}
{% set quotients = [
    ('SPC_LQ', 'location_quotient', 'ratio', 1, is_any),
    ('SPC_LQ_REST', 'quotient_of_rest', 'ratio', 1, is_any),
    ('SPC_LQ_ADD', 'share_gap', 'percentage_points', 100, is_any),
    ('SPC_LQ_SYM', 'symmetric_quotient', 'ratio', 1, is_any),
    ('SPC_KL', 'localisation', 'ratio', 1, 'cell.is_output'),
    ('SPC_IS', 'specialisation', 'ratio', 1, 'cell.is_output'),
    ('SPC_RCA', 'location_quotient', 'ratio', 1, 'cell.is_export'),
] %}
{# indicator, value, unit, rows, measures beside the cell #}
{% set beside = [
    ('SPC_KDP', 'production_per_head', 'ratio', 'cell.is_output', ['population'], true),
    ('SPC_KUR', 'development', 'ratio', 'cell.is_output', ['consumption'], false),
    ('SPC_KMT', 'marketability', 'ratio', 'cell.is_output', ['outflow'], false),
    ('SPC_KE', 'efficiency', 'ratio', 'cell.is_output', ['cost'], false),
    (
        'SPC_LS', 'cluster_index', 'ratio', 'cell.is_employment',
        ['establishments', 'population', 'area'], true,
    ),
    ('SPC_AVGSIZE', 'mean_size', 'persons', 'cell.is_employment', ['establishments'], false),
] %}
{% set each = [] %}
{% for indicator, figure, unit, factor, where in quotients %}
{% do each.append({
    'indicator_code': "'" ~ indicator ~ "'",
    'value': 'cell.' ~ figure if factor == 1 else computed('cell.' ~ figure ~ ' * 100'),
    'unit_code': "'" ~ unit ~ "'",
    'reason_code': 'cell.' ~ figure ~ '_reason_code',
    'correction_status': 'cell.quotient_correction',
    'coverage': coverage,
    'suppressed_share': in_line,
    'is_illustrative': 'cell.is_quotient_illustrative',
    'where': where,
}) %}
{% endfor %}
{% for end in ['low', 'high'] %}
{% do each.append({
    'indicator_code': "'SPC_LQ_LO'" if end == 'low' else "'SPC_LQ_HI'",
    'is_peer': 'false',
    'value': 'cell.quotient_' ~ end,
    'reason_code': 'cell.interval_reason_code',
    'correction_status': 'cell.quotient_correction',
    'coverage': coverage,
    'suppressed_share': in_line,
    'is_illustrative': 'cell.is_quotient_illustrative',
    'where': is_any,
}) %}
{% endfor %}
{% do each.extend([
    {
        'indicator_code': "'SPC_SIZE'",
        'value': computed('cell.size_share * 100'),
        'unit_code': "'per_cent'",
        'reason_code': 'cell.size_reason_code',
        'correction_status': 'cell.size_correction',
        'coverage': coverage,
        'suppressed_share': in_line,
        'is_illustrative': 'cell.is_size_illustrative',
        'where': is_any,
    },
    {
        'indicator_code': "'SPC_FOCUS'",
        'value': computed('cell.focus_share * 100'),
        'unit_code': "'per_cent'",
        'reason_code': 'cell.focus_reason_code',
        'correction_status': 'cell.focus_correction',
        'coverage': region_coverage,
        'reference_kind': 'cell.region_total_kind',
        'suppressed_share': in_region,
        'is_illustrative': 'cell.is_focus_illustrative',
        'where': is_any,
    },
]) %}
{% for indicator, figure, unit, where, measures, is_of_activity in beside %}
{% set corrections = [
    'cell.size_correction' if is_of_activity else input_correction('cell.correction_status')
] %}
{% set flags = ['cell.is_size_illustrative' if is_of_activity else 'cell.is_illustrative'] %}
{% for measure in measures %}
{% do corrections.append('cell.' ~ measure ~ '_correction') %}
{% do flags.append('cell.is_' ~ measure ~ '_illustrative') %}
{% endfor %}
{% do each.append({
    'indicator_code': "'" ~ indicator ~ "'",
    'value': 'cell.' ~ figure,
    'unit_code': "'" ~ unit ~ "'",
    'reason_code': 'cell.' ~ figure ~ '_reason_code',
    'correction_status': worst_correction(corrections + ['null']),
    'coverage': coverage if is_of_activity else own_coverage,
    'reference_kind': 'cell.reference_kind' if is_of_activity else 'cast(null as varchar)',
    'suppressed_share': in_line if is_of_activity
        else suppressed_part('cell.value', 'cell.conf_status'),
    'is_illustrative': any_true_of(flags),
    'where': where,
}) %}
{% endfor %}

with final as (
    {{ figures(ref('int_specialisation__computed') ~ ' as cell', {
        'region_code': 'cell.region_code',
        'country_code': 'cell.country_code',
        'region_level': 'cell.region_level',
        'peer_group': 'cell.peer_group',
        'is_peer': 'true',
        'activity_classifier': 'cell.activity_classifier',
        'activity_code': 'cell.activity_code',
        'year': 'cell.year',
        'period_end': 'cell.period_end',
        'base_indicator_code': 'cell.base_indicator_code',
        'method_version': 'cell.method_version',
        'obs_status': 'cell.obs_status',
        'imputed_share': 'cell.imputed_share',
        'reference_kind': 'cell.reference_kind',
        'vintage_on': 'cell.known_on',
    }, each) }}
)

select * from final
