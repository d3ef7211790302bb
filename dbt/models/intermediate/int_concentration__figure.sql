{{ config(materialized='view') }}

{# indicator, column, what its method adds, its reason, whose inputs it has, whether it leads #}
{% set measures = [
    ('CON_HHI', 'herfindahl', none, 'reason_code', '', true),
    ('CON_KRUG', 'krugman', 'reference=all_activities', 'comparison_reason_code', '', true),
    ('CON_KRUG', 'krugman_others', 'reference=mean_of_others', 'others_reason_code', 'others_',
        false),
    ('CON_LOCGINI', 'gini_half', 'scale=0.5', 'comparison_reason_code', '', true),
    ('CON_LOCGINI', 'gini_weighted', 'scale=1', 'comparison_reason_code', '', false),
    ('CON_GINI', 'gini_equal', 'weights=equal', 'comparison_reason_code', '', true),
    ('CON_GINI', 'gini_weighted', 'weights=reference', 'comparison_reason_code', '', false),
] %}
{% set each = [] %}
{% for indicator, column, said, reason_column, others, leads in measures %}
{% do each.append({
    'indicator_code': "'" ~ indicator ~ "'",
    'value': 'line.' ~ column,
    'method_version': added_method(
        'line.method_version', "'peers=' || line.peer_group" ~ (" || ';" ~ said ~ "'" if said else '')
    ),
    'is_primary': 'true' if leads else 'false',
    'reason_code': 'line.' ~ reason_column,
    'correction_status': 'line.' ~ others ~ 'correction',
    'is_illustrative': 'line.is_' ~ others ~ 'illustrative',
    'where': 'line.is_part' if others else none,
}) %}
{% endfor %}

-- the spread of an activity is a figure of the country; its method says over which regions
with final as (
    {{ figures(ref('int_concentration__computed') ~ ' as line', {
        'region_code': 'line.country_code',
        'country_code': 'line.country_code',
        'region_level': '0',
        'peer_group': "'national-0'",
        'activity_classifier': 'line.activity_classifier',
        'activity_code': 'line.activity_code',
        'year': 'line.year',
        'period_end': 'line.period_end',
        'base_indicator_code': 'line.base_indicator_code',
        'coverage': 'line.coverage',
        'imputed_share': (
            'case when line.reason_code is null then ' ~ computed('line.imputed_share') ~ ' end'
        ),
        'suppressed_share': 'line.suppressed_share',
        'reference_kind': 'line.reference_kind',
        'region_count': 'line.region_count',
    }, each) }}
)

select * from final
