{{ config(materialized='view') }}

{# indicator, column, what its method adds, unit, column of its reason #}
{% set convergences = [
    ('CNV_SIGMA', 'cv_slope', ';form=trend_of_cv', 'ratio', 'cv_reason_code'),
    (
        'CNV_SIGMA', 'logarithm_slope', ';form=trend_of_sd_ln', 'ratio',
        'logarithm_reason_code',
    ),
    ('CNV_BETA', 'beta', ';form=beta', 'ratio', 'beta_reason_code'),
    ('CNV_BETA', 'speed', ';form=speed', 'ratio', 'speed_reason_code'),
    ('CNV_BETA', 'half_life_years', ';form=half_life', 'years', 'half_life_reason_code'),
] %}
{% set each = [] %}
{% for indicator, column, form, unit, reason_column in convergences %}
{% do each.append({
    'indicator_code': "'" ~ indicator ~ "'",
    'value': 'case when trend.' ~ reason_column ~ ' is null then trend.' ~ column ~ ' end',
    'unit_code': "'" ~ unit ~ "'",
    'method_version':
        disparity_method('trend') ~ " || ';from=' || trend.first_year || '" ~ form ~ "'",
    'reason_code': 'trend.' ~ reason_column,
    'where': 'true',
}) %}
{% endfor %}

-- a trend of disparity is a figure of the country in the last year; few regions carry no headline
with final as (
    {{ figures(ref('int_convergence__computed') ~ ' as trend', {
        'region_code': 'trend.country_code',
        'country_code': 'trend.country_code',
        'region_level': '0',
        'peer_group': "'national-0'",
        'year': 'trend.year',
        'period_end': 'trend.period_end',
        'base_indicator_code': 'trend.indicator_code',
        'is_primary': 'trend.is_headline',
        'correction_status': 'trend.correction',
        'coverage': 'trend.coverage',
        'imputed_share': 'trend.imputed_share',
        'suppressed_share': 'trend.suppressed_share',
        'vintage_on': 'trend.vintage_on',
        'region_count': 'trend.region_count',
        'is_illustrative': 'trend.is_illustrative',
    }, each) }}
)

select * from final
