{{ config(materialized='view') }}

{% set each = [] %}
{% for column, form, reason_column in [
    ('gap', 'gap', 'gap_reason_code'),
    ('has_other_direction', 'directions_disagree', 'direction_reason_code'),
] %}
{% do each.append({
    'indicator_code': "'DQ_CROSS'",
    'value': 'checked.' ~ column,
    'method_version': crosscheck_method('checked') ~ " || ';form=" ~ form ~ "'",
    'reason_code': 'checked.' ~ reason_column,
    'where': 'true',
}) %}
{% endfor %}

with final as (
    {{ figures(ref('int_crosscheck__computed') ~ ' as checked', {
        'region_code': 'checked.region_code',
        'country_code': 'checked.country_code',
        'region_level': 'checked.region_level',
        'peer_group': 'checked.peer_group',
        'year': 'checked.year',
        'period_end': 'checked.period_end',
        'base_indicator_code': 'checked.product_code',
        'is_primary': 'false',
        'correction_status': 'checked.correction',
        'coverage':
            '(case when checked.factor_value is null then 0 else 1 end '
            ~ '+ case when checked.base_value is null then 0 else 1 end '
            ~ '+ case when checked.product_value is null then 0 else 1 end) / 3.0',
        'imputed_share': 'checked.imputed_part',
        'suppressed_share': 'checked.suppressed_part',
        'vintage_on': 'checked.vintage_on',
        'is_illustrative': 'checked.is_illustrative',
    }, each) }}
)

select * from final
