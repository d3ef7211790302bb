{{ config(materialized='view') }}

with totals as (
    select
        activity.classifier_code,
        activity.activity_code
    from {{ ref('activities') }} as activity
    where activity.activity_level = 0
),

final as (
    {{ figures(
        ref('int_strength_share__computed') ~ ' as strength '
        ~ 'left join totals as total on strength.activity_classifier = total.classifier_code', {
        'region_code': 'strength.region_code',
        'country_code': 'strength.country_code',
        'region_level': 'strength.region_level',
        'peer_group': 'strength.peer_group',
        'is_peer': 'true',
        'activity_classifier': 'strength.activity_classifier',
        'activity_code': "coalesce(total.activity_code, '" ~ var('total_code') ~ "')",
        'year': 'strength.year',
        'period_end': 'strength.period_end',
        'base_indicator_code': 'strength.base_indicator_code',
        'method_version': 'strength.method_version',
        'correction_status': 'strength.correction',
        'coverage': 'coalesce(strength.coverage, 0.0)',
        'imputed_share': 'strength.imputed_share',
        'suppressed_share': 'strength.suppressed_share',
        'is_illustrative': 'strength.is_illustrative',
    }, [
        {
            'indicator_code': "'SPZ_STRSH'",
            'value': 'strength.share_pct',
            'unit_code': "'per_cent'",
            'reason_code': 'strength.reason_code',
        },
    ]) }}
)

select * from final
