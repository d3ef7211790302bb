{{ config(materialized='view') }}

{# indicator, column, of which figures #}
{% set measures = [
    ('CON_EG', 'gamma', 'activity'),
    ('CON_EGZ', 'z', 'activity'),
    ('CON_EGC', 'coagglomeration', 'group'),
] %}
{% set each = [] %}
{% for indicator, column, kind in measures %}
{% do each.append({
    'indicator_code': "'" ~ indicator ~ "'",
    'value': 'measure.' ~ column,
    'reason_code': 'measure.' ~ column ~ '_reason_code',
    'where': "measure.figure_kind = '" ~ kind ~ "'",
}) %}
{% endfor %}

-- a group of activities stands in the place of an activity
with final as (
    {{ figures(ref('int_agglomeration__computed') ~ ' as measure', {
        'region_code': 'measure.country_code',
        'country_code': 'measure.country_code',
        'region_level': '0',
        'peer_group': "'national-0'",
        'activity_classifier': 'measure.activity_classifier',
        'activity_code': 'measure.activity_code',
        'year': 'measure.year',
        'period_end': 'measure.period_end',
        'base_indicator_code': 'measure.base_indicator_code',
        'method_version': added_method(
            'measure.method_version', "'peers=' || measure.peer_group"
        ),
        'correction_status': 'measure.correction',
        'coverage': 'measure.coverage',
        'region_count': 'measure.region_count',
        'is_illustrative': 'measure.is_illustrative',
    }, each) }}
)

select * from final
