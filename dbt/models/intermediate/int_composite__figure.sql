{{ config(materialized='view') }}

{# indicator, column, column of its reason, whether it is the index of the headline #}
{% set means = [
    ('CMP_AM', 'arithmetic_mean', 'reason_code', true),
    ('CMP_GM', 'geometric_mean', 'positive_reason_code', false),
    ('CMP_HM', 'harmonic_mean', 'positive_reason_code', false),
    ('CMP_COV', 'coverage', 'coverage_reason_code', false),
] %}
{% set each = [] %}
{% for indicator, column, reason_column, is_headline in means %}
{% do each.append({
    'indicator_code': "'" ~ indicator ~ "'",
    'value': 'mean.' ~ column,
    'method_version':
        index_method('mean') ~ " || ';of=' || mean.score_kind || ';missing=left_out'",
    'reason_code': 'mean.' ~ reason_column,
    'is_primary': 'true' if is_headline else 'false',
    'where': 'true',
}) %}
{% endfor %}

with final as (
    {{ figures(ref('int_composite__computed') ~ ' as mean', {
        'region_code': 'mean.region_code',
        'country_code': 'mean.country_code',
        'region_level': 'mean.region_level',
        'peer_group': 'mean.peer_group',
        'is_peer': 'true',
        'cluster_code': 'mean.cluster_code',
        'year': 'mean.year',
        'period_end': 'mean.period_end',
        'base_indicator_code': 'mean.score_kind',
        'correction_status': 'mean.correction',
        'coverage': 'coalesce(mean.coverage, 0)',
        'imputed_share': 'mean.imputed_share',
        'suppressed_share': 'mean.suppressed_share',
        'vintage_on': 'mean.vintage_on',
        'is_illustrative': 'mean.is_illustrative',
    }, each) }}
)

select * from final
