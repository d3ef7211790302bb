{{ config(materialized='view') }}

{% set is_share = 'coalesce(' ~ changes_in_points('change.unit_kind') ~ ', false)' %}
{# indicator, column, unit, column of its reason, of which measures #}
{% set measures = [
    ('DYN_ABS', 'change', 'change.unit_code', 'reason_code', 'not ' ~ is_share),
    ('DYN_PCT', 'change_pct', "'per_cent'", 'growth_reason_code', 'not ' ~ is_share),
    ('DYN_PP', 'change', "'percentage_points'", 'reason_code',
        'coalesce(' ~ changes_in_points('change.unit_kind') ~ ', true)'),
    ('DYN_CAGR', 'growth_pct', "'per_cent'", 'growth_reason_code',
        'not ' ~ is_share ~ " and change.comparison <> 'previous_year'"),
    ('DYN_CONTR', 'contribution_pct', "'per_cent'", 'contribution_reason_code',
        'change.is_additive and change.region_level > 0'),
] %}
{% set each = [] %}
{% for indicator, column, unit, reason_column, kept in measures %}
{% set of_total = 'contribution_' if column == 'contribution_pct' else '' %}
{% do each.append({
    'indicator_code': "'" ~ indicator ~ "'",
    'value': 'change.' ~ column,
    'unit_code': unit,
    'reason_code': 'change.' ~ reason_column,
    'correction_status': 'change.' ~ of_total ~ 'correction',
    'is_illustrative': 'change.is_' ~ of_total ~ 'illustrative',
    'where': kept,
}) %}
{% endfor %}

with final as (
    {{ figures(ref('int_dynamics__computed') ~ ' as change', {
        'region_code': 'change.region_code',
        'country_code': 'change.country_code',
        'region_level': 'change.region_level',
        'peer_group': 'change.peer_group',
        'is_peer': 'change.is_peer',
        'year': 'change.year',
        'period_end': 'change.period_end',
        'base_indicator_code': 'change.base_indicator_code',
        'method_version': added_method('change.method_version', compared_with('change')),
        'is_primary': "change.comparison = 'previous_year' or change.comparison = 'base_year'",
        'coverage': 'case when change.reason_code is null then 1.0 else 0.0 end',
        'imputed_share': (
            'case when change.reason_code is not null then null '
            ~ 'when change.is_imputed then 1.0 else 0.0 end'
        ),
        'suppressed_share': 'case when change.is_withheld then 1.0 else 0.0 end',
        'vintage_on': 'change.known_on',
    }, each) }}
)

select * from final
