{{ config(materialized='view') }}

{# indicator, column, what its method adds, unit, SQL of its reason #}
{% set nothing = 'cast(null as varchar)' %}
{% set qualities = [
    ('DQ_COMP', 'completeness', '', 'ratio', nothing),
    ('DQ_TIME', 'days_late', '', 'days', 'quality.timeliness_reason_code'),
    ('DQ_IMP', 'imputed_share', '', 'ratio', 'quality.imputed_reason_code'),
    ('DQ_SUPP', 'suppressed_share', ';form=cells', 'ratio', nothing),
    (
        'DQ_RECON', 'reconciliation_gap', ';form=relative', 'ratio',
        'quality.reconciliation_reason_code',
    ),
    (
        'DQ_RECON', 'gap_beyond_rounding', ';form=beyond_rounding', 'ratio',
        'quality.rounding_reason_code',
    ),
    ('DQ_REV', 'net_revision', ';form=net', 'ratio', 'quality.net_revision_reason_code'),
    ('DQ_REV', 'gross_revision', ';form=gross', 'ratio', 'quality.gross_revision_reason_code'),
] %}
{% set each = [] %}
{% for indicator, column, form, unit, reason_code in qualities %}
{% do each.append({
    'indicator_code': "'" ~ indicator ~ "'",
    'value': 'case when ' ~ reason_code ~ ' is null then quality.' ~ column ~ ' end',
    'unit_code': "'" ~ unit ~ "'",
    'method_version': quality_method('quality') ~ " || '" ~ form ~ "'",
    'reason_code': reason_code,
    'where': 'quality.is_known_year',
}) %}
{% endfor %}

-- quality is a figure of the country: its method says of which cells
with final as (
    {{ figures(ref('int_quality__computed') ~ ' as quality', {
        'region_code': 'quality.country_code',
        'country_code': 'quality.country_code',
        'region_level': '0',
        'peer_group': "'national-0'",
        'year': 'quality.year',
        'period_end': 'quality.period_end',
        'base_indicator_code': 'quality.indicator_code',
        'is_primary': "quality.cells_kind = 'regions'",
        'correction_status': 'quality.correction',
        'coverage': 'least(quality.completeness, 1)',
        'imputed_share': 'quality.imputed_share',
        'suppressed_share': 'quality.suppressed_share',
        'vintage_on': 'quality.vintage_on',
        'is_illustrative': 'quality.is_illustrative',
    }, each) }}
)

select * from final
