{{ config(materialized='view') }}

{% set each = [] %}
{% for indicator, column, reason_, method, unit in [
    ('PRJ_EXEC', 'execution_pct', 'execution', '_Z', "'per_cent'"),
    ('PRJ_DEV', 'deviation', 'deviation', 'form=absolute', 'coalesce(part.actual_unit_code, part.plan_unit_code, part.base_unit_code)'),
    ('PRJ_DEV', 'deviation_pct', 'deviation_pct', 'form=relative', "'per_cent'"),
    ('DYN_REQCAGR', 'required_pace_pct', 'required_pace', '_Z', "'per_cent'"),
    ('PRJ_PACE', 'pace_pct', 'pace', '_Z', "'per_cent'"),
    ('PRJ_BUD', 'budget_pct', 'budget', '_Z', "'per_cent'"),
    ('PRJ_SLIP', 'slip_days', 'slip', '_Z', "'units'"),
    ('PRJ_EFF', 'effect_value', 'effect', '_Z', 'part.effect_unit_code'),
] %}
{% do each.append({
    'indicator_code': "'" ~ indicator ~ "'",
    'value': 'part.' ~ column,
    'reason_code': 'part.' ~ reason_ ~ '_reason_code',
    'method_version': "'" ~ method ~ "'",
    'unit_code': unit,
    'where': 'part.project_id is not null',
}) %}
{% endfor %}

-- figures of projects: the project stands where others have the cluster
with final as (
    {{ figures(ref('int_project__computed') ~ ' as part', {
        'region_code': 'part.region_code',
        'country_code': 'part.country_code',
        'region_level': '0',
        'peer_group': "'projects'",
        'cluster_code': 'part.project_id',
        'year': 'part.year',
        'period_end': 'make_date(greatest(part.year, 1), 12, 31)',
        'base_indicator_code': 'part.measure_code',
        'is_illustrative': 'part.is_illustrative',
    }, each) }}
)

select * from final
