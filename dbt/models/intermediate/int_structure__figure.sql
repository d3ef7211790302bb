{{ config(materialized='view') }}

{# indicator, column, what its method adds, its reason, whose inputs it has, whether it leads #}
{% set measures = [
    ('SPZ_HHI', 'herfindahl', none, 'reason_code', 'own', true),
    ('SPZ_HHI_NORM', 'herfindahl_normalised', none, 'normalised_reason_code', 'own', true),
    ('SPZ_HHI_EQ', 'equivalent_number', none, 'reason_code', 'own', true),
    ('SPZ_HHI_LO', 'herfindahl_low', none, 'bound_reason_code', 'own', true),
    ('SPZ_HHI_HI', 'herfindahl_high', none, 'bound_reason_code', 'own', true),
    ('SPZ_ENT', 'entropy', 'log=e', 'reason_code', 'own', true),
    ('SPZ_ENT', 'entropy_bits', 'log=2', 'reason_code', 'own', false),
    ('SPZ_KRUG', 'krugman', 'reference=country', 'comparison_reason_code', 'country', true),
    ('SPZ_KRUG', 'krugman_others', 'reference=mean_of_others', 'others_reason_code', 'others',
        false),
    ('SPZ_HOOV', 'hoover', 'reference=country', 'comparison_reason_code', 'country', true),
    ('SPZ_HOOV', 'hoover_others', 'reference=mean_of_others', 'others_reason_code', 'others',
        false),
    ('SPZ_RDI', 'relative_diversity', 'reference=country', 'diversity_reason_code', 'country',
        true),
    ('SPZ_RDI', 'relative_diversity_others', 'reference=mean_of_others',
        'others_diversity_reason_code', 'others', false),
    ('SPZ_HACH', 'hachman', none, 'comparison_reason_code', 'country', true),
    ('SPZ_GINI', 'gini_equal', 'weights=equal', 'comparison_reason_code', 'country', true),
    ('SPZ_GINI', 'gini_weighted', 'weights=reference', 'comparison_reason_code', 'country', false),
] %}
{% set inputs = {
    'own': ('correction', 'is_illustrative'),
    'country': ('comparison_correction', 'is_comparison_illustrative'),
    'others': ('others_correction', 'is_others_illustrative'),
} %}
{% set each = [] %}
{% for indicator, column, said, reason_column, kind, leads in measures %}
{% do each.append({
    'indicator_code': "'" ~ indicator ~ "'",
    'value': 'structure.' ~ column,
    'method_version': (
        added_method('structure.method_version', "'" ~ said ~ "'") if said
        else 'structure.method_version'
    ),
    'is_primary': 'true' if leads else 'false',
    'reason_code': 'structure.' ~ reason_column,
    'reference_kind': (
        'structure.reference_kind' if kind == 'country' else 'cast(null as varchar)'
    ),
    'correction_status': 'structure.' ~ inputs[kind][0],
    'is_illustrative': 'structure.' ~ inputs[kind][1],
}) %}
{% endfor %}

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
        'coverage': 'structure.coverage',
        'imputed_share': (
            'case when structure.reason_code is null then ' ~ computed('structure.imputed_share')
            ~ ' end'
        ),
        'suppressed_share': 'structure.suppressed_share',
    }, each) }}
)

select * from final
