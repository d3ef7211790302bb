{{ config(materialized='view') }}

{% set each = [] %}
{% for bound in ['best', 'worst'] %}
{% do each.append({
    'indicator_code': "'CMP_SENS'",
    'value': 'span.' ~ bound ~ '_rank',
    'method_version': index_method('span')
        ~ " || ';over=scores,weights,means;bound=" ~ bound ~ "'",
    'where': 'true',
}) %}
{% endfor %}

-- the rank interval of an index: what its rank would be with other scores, weights and means
with final as (
    {{ figures(ref('int_sensitivity__computed') ~ ' as span', {
        'region_code': 'span.region_code',
        'country_code': 'span.country_code',
        'region_level': 'span.region_level',
        'peer_group': 'span.peer_group',
        'cluster_code': 'span.cluster_code',
        'year': 'span.year',
        'period_end': 'span.period_end',
        'base_indicator_code': "'CMP_AM'",
        'unit_code': "'places'",
        'reason_code': 'span.reason_code',
        'correction_status': 'span.correction',
        'coverage': 'coalesce(span.coverage, 0)',
        'suppressed_share': 'coalesce(span.suppressed_share, 0)',
        'vintage_on': 'span.vintage_on',
        'region_count': 'span.ranked_count',
        'is_illustrative': 'span.is_illustrative',
    }, each) }}
)

select * from final
