{{ config(materialized='view') }}

{# code, column, unit, what its method adds #}
{% set sums = [
    ('PRF_EMP', 'employees', "'persons'"),
    ('PRF_EST', 'establishments', "'units'"),
    ('PRF_OUT', 'output', 'part.unit_code'),
    ('PRF_VA', 'value_added', 'part.unit_code'),
    ('PRF_EXP', 'exports', 'part.unit_code'),
    ('PRF_INV', 'investment', 'part.unit_code'),
    ('PRF_TAX', 'taxes', 'part.unit_code'),
] %}
{% set ratios = [
    ('PRF_PROD', 'productivity', 'value_added', per_person('part.unit_code'), ';of=value_added'),
    ('PRF_PROD', 'output_productivity', 'output', per_person('part.unit_code'), ';of=output'),
    ('PRF_WAGE', 'average_wage', 'payroll', per_person('part.unit_code'), ''),
    ('PRF_EXPSH', 'export_share_pct', 'exports', "'per_cent'", ''),
    ('PRF_NEWF', 'new_firm_share_pct', 'new_firms', "'per_cent'", ''),
    ('INN_PAT', 'patents_per_10000_employees', 'patents', "'ratio'", ''),
    ('INN_RDINT', 'rd_intensity_pct', 'rd_spend', "'per_cent'", ''),
    ('REM_XREG', 'cross_region_remote_pct', 'remote_outside_home', "'per_cent'", ''),
    ('NET_INTRA', 'intra_sales_pct', 'sales_to_members', "'per_cent'", ''),
] %}
{% set each = [] %}
{% for indicator, column, unit in sums %}
{% do each.append({
    'indicator_code': "'" ~ indicator ~ "'",
    'base_indicator_code': "'" ~ column ~ "'",
    'value': 'part.' ~ column,
    'reason_code': 'part.' ~ column ~ '_reason_code',
    'method_version': "'sum=' || part.part_kind",
    'unit_code': unit,
    'coverage': 'part.' ~ column ~ '_coverage',
    'imputed_share': 'part.' ~ column ~ '_imputed_share',
    'suppressed_share': 'part.' ~ column ~ '_suppressed_share',
}) %}
{% endfor %}
{% for indicator, column, numerator, unit, method in ratios %}
{% do each.append({
    'indicator_code': "'" ~ indicator ~ "'",
    'base_indicator_code': "'" ~ numerator.replace('outside_home', 'employees') ~ "'",
    'value': 'part.' ~ column,
    'reason_code': 'part.' ~ column ~ '_reason_code',
    'method_version': "'sum=' || part.part_kind || '" ~ method ~ "'",
    'unit_code': unit,
    'coverage': 'part.' ~ column ~ '_coverage',
    'imputed_share': 'part.' ~ numerator ~ '_imputed_share',
    'suppressed_share': 'part.' ~ numerator ~ '_suppressed_share',
    'is_primary': "part.part_kind = 'members'" if method != ';of=output' else 'false',
}) %}
{% endfor %}

-- sums over the members of a cluster and over its activities in its home region: two numbers
with final as (
    {{ cluster_figures(ref('int_performance__computed'), 'part', ref('regions'), each, {
        'is_primary': "part.part_kind = 'members'",
        'is_illustrative': 'part.is_illustrative or part.is_part_illustrative',
        'correction_status': 'part.correction',
        'vintage_on': 'part.known_on',
    }) }}
)

select * from final
