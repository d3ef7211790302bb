{{ config(materialized='view') }}

-- the structure of a region is one of the total of its classifier
with totals as (
    select
        activity.classifier_code,
        activity.activity_code
    from {{ ref('activities') }} as activity
    where activity.activity_level = 0
),

final as (
    {{ figures(
        ref('int_structure__computed') ~ ' as structure '
        ~ 'left join totals as total on structure.activity_classifier = total.classifier_code', {
        'region_code': 'structure.region_code',
        'country_code': 'structure.country_code',
        'region_level': 'structure.region_level',
        'peer_group': 'structure.peer_group',
        'is_peer': 'true',
        'activity_classifier': 'structure.activity_classifier',
        'activity_code': "coalesce(total.activity_code, '" ~ var('total_code') ~ "')",
        'year': 'structure.year',
        'period_end': 'structure.period_end',
        'base_indicator_code': 'structure.base_indicator_code',
        'method_version': 'structure.method_version',
        'coverage': 'structure.coverage',
        'is_illustrative': 'structure.is_illustrative',
    }, [
        {
            'indicator_code': "'SPZ_HHI'",
            'value': 'structure.herfindahl',
            'reason_code': 'structure.reason_code',
            'correction_status': 'structure.correction',
        },
    ]) }}
)

select * from final
