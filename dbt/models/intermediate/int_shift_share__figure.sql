{{ config(materialized='view') }}

{# indicator, column, unit, what its method adds, column of its reason, whether it leads #}
{% set measures = [
    ('SS_NAT', 'national_share', 'shift.unit_code', none, 'reason_code', true),
    ('SS_MIX', 'industrial_mix', 'shift.unit_code', none, 'reason_code', true),
    ('SS_REG', 'regional_shift', 'shift.unit_code', none, 'reason_code', true),
    ('SS_EM_REG', 'competitive_effect', 'shift.unit_code', none, 'effect_reason_code', true),
    ('SS_EM_ALL', 'allocation_effect', 'shift.unit_code', none, 'effect_reason_code', true),
    ('SS_GER', 'location_factor', "'ratio'", 'factor=location', 'location_factor_reason_code',
        true),
    ('SS_GER', 'mix_factor', "'ratio'", 'factor=mix', 'mix_factor_reason_code', false),
    ('SS_GER', 'regional_factor', "'ratio'", 'factor=both', 'regional_factor_reason_code', false),
] %}
{% set each = [] %}
{% for indicator, column, unit, said, reason_column, leads in measures %}
{% do each.append({
    'indicator_code': "'" ~ indicator ~ "'",
    'value': 'shift.' ~ column,
    'unit_code': unit,
    'method_version': (
        added_method('shift.method_version', compared_with('shift'))
        ~ (" || ';" ~ said ~ "'" if said else '')
    ),
    'is_primary': 'true' if leads else 'false',
    'reason_code': 'shift.' ~ reason_column,
}) %}
{% endfor %}

with totals as (
    select
        activity.classifier_code,
        activity.activity_code
    from {{ ref('activities') }} as activity
    where activity.activity_level = 0
),

final as (
    {{ figures(
        ref('int_shift_share__computed') ~ ' as shift '
        ~ 'left join totals as total on shift.activity_classifier = total.classifier_code', {
        'region_code': 'shift.region_code',
        'country_code': 'shift.country_code',
        'region_level': 'shift.region_level',
        'peer_group': 'shift.peer_group',
        'is_peer': 'true',
        'activity_classifier': 'shift.activity_classifier',
        'activity_code': "coalesce(total.activity_code, '" ~ var('total_code') ~ "')",
        'year': 'shift.year',
        'period_end': 'shift.period_end',
        'base_indicator_code': 'shift.base_indicator_code',
        'correction_status': 'shift.correction',
        'coverage': 'shift.coverage',
        'imputed_share': 'case when shift.reason_code is null then shift.imputed_share end',
        'suppressed_share': 'shift.suppressed_share',
        'reference_kind': 'shift.reference_kind',
        'is_illustrative': 'shift.is_illustrative',
    }, each) }}
)

select * from final
