{{ config(materialized='view') }}

{# indicator, column, what its method adds, unit, column of its reason, whether the frame enters #}
{% set scale = var('composite_scale') %}
{% set scores = [
    (
        'CMP_MM', 'min_max', ';scale=' ~ scale[0] ~ '-' ~ scale[1], 'ratio',
        'min_max_reason_code', true,
    ),
    ('CMP_Z', 'z_population', ';form=population', 'ratio', 'min_max_reason_code', true),
    ('CMP_Z', 'z_sample', ';form=sample', 'ratio', 'min_max_reason_code', true),
    ('CMP_GOAL', 'goal', ';form=capped', 'ratio', 'goalpost_reason_code', false),
    ('CMP_RANK', 'rank_score', ';ties=lowest', 'places', 'rank_reason_code', false),
    ('CMP_BORDA', 'borda', ';ties=lowest', 'places', 'rank_reason_code', false),
    ('CMP_PRANK', 'percentile', ';ties=lowest', 'ratio', 'rank_reason_code', false),
] %}
{% set each = [] %}
{% for indicator, column, form, unit, reason_column, is_framed in scores %}
{% do each.append({
    'indicator_code': "'" ~ indicator ~ "'",
    'value': 'score.' ~ column,
    'unit_code': "'" ~ unit ~ "'",
    'method_version':
        index_method('score') ~ " || ';of=' || score.quantity_kind || ';direction=' || "
        ~ "coalesce(score.direction, '" ~ var('not_applicable_code') ~ "') || "
        ~ ("';frame=' || score.base_year || " if is_framed else '') ~ "'" ~ form ~ "'",
    'reason_code': 'score.' ~ reason_column,
    'is_illustrative':
        'score.is_illustrative' ~ (' or score.is_frame_illustrative' if is_framed else ''),
    'correction_status':
        worst_correction(['score.correction', 'score.frame_correction'])
        if is_framed else 'score.correction',
    'where': 'true',
}) %}
{% endfor %}

-- scores of the components of an index; a score is no figure of its own, so it is not primary
with final as (
    {{ figures(ref('int_composite__normalised') ~ ' as score', {
        'region_code': 'score.region_code',
        'country_code': 'score.country_code',
        'region_level': 'score.region_level',
        'peer_group': 'score.peer_group',
        'is_peer': 'true',
        'cluster_code': 'score.cluster_code',
        'year': 'score.year',
        'period_end': 'score.period_end',
        'base_indicator_code': 'score.component_code',
        'is_primary': 'false',
        'coverage': 'case when score.value is null then 0.0 else 1.0 end',
        'imputed_share': 'score.imputed_part',
        'suppressed_share': 'score.suppressed_part',
        'vintage_on': 'score.vintage_on',
    }, each) }}
)

select * from final
