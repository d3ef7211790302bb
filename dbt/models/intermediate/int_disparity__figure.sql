{{ config(materialized='view') }}

{# indicator, column, weighting, what its method adds, column of its reason #}
{% set disparities = [
    ('DSP_CV', 'cv_population', 'equal', ';form=population', 'reason_code'),
    ('DSP_CV', 'cv_sample', 'equal', ';form=sample', 'reason_code'),
    ('DSP_THT', 'theil_t', 'equal', '', 'reason_code'),
    ('DSP_THT', 'theil_t', 'population', '', 'reason_code'),
    ('DSP_THL', 'theil_l', 'equal', '', 'positive_reason_code'),
    ('DSP_THL', 'theil_l', 'population', '', 'positive_reason_code'),
    ('DSP_GINI', 'gini', 'equal', '', 'reason_code'),
    ('DSP_GINI_W', 'gini', 'population', '', 'reason_code'),
    ('DSP_HOOV', 'hoover', 'equal', '', 'reason_code'),
    ('DSP_HOOV', 'hoover', 'population', '', 'reason_code'),
    ('DSP_WILL', 'cv_population', 'population', '', 'reason_code'),
    ('DSP_SCHUTZ', 'hoover', 'equal', '', 'reason_code'),
    ('DSP_RATIO', 'max_min_ratio', 'equal', '', 'positive_reason_code'),
    ('DSP_TH_B', 'theil_t_between', 'equal', ';form=groups_one_level_up', 'group_reason_code'),
    ('DSP_TH_B', 'theil_t_between', 'population', ';form=groups_one_level_up', 'group_reason_code'),
    ('DSP_TH_W', 'theil_t_within', 'equal', ';form=groups_one_level_up', 'group_reason_code'),
    ('DSP_TH_W', 'theil_t_within', 'population', ';form=groups_one_level_up', 'group_reason_code'),
] %}
{% for epsilon in var('atkinson_epsilons') %}
{% set place = loop.index %}
{% for weighting in ['equal', 'population'] %}
{% do disparities.append((
    'DSP_ATK', 'atkinson_' ~ place, weighting, ';form=epsilon_' ~ epsilon,
    'reason_code' if epsilon | float < 1 else 'positive_reason_code',
)) %}
{% endfor %}
{% endfor %}
{% set each = [] %}
{% for indicator, column, weighting, form, reason_column in disparities %}
{% do each.append({
    'indicator_code': "'" ~ indicator ~ "'",
    'value': 'case when measure.' ~ reason_column ~ ' is null then measure.' ~ column ~ ' end',
    'method_version': disparity_method('measure') ~ " || '" ~ form ~ "'",
    'reason_code': 'measure.' ~ reason_column,
    'where': "measure.weighting = '" ~ weighting ~ "'",
}) %}
{% endfor %}

-- a disparity is a figure of the country; its method says between which regions, and how
with final as (
    {{ figures(ref('int_disparity__computed') ~ ' as measure', {
        'region_code': 'measure.country_code',
        'country_code': 'measure.country_code',
        'region_level': '0',
        'peer_group': "'national-0'",
        'year': 'measure.year',
        'period_end': 'measure.period_end',
        'base_indicator_code': 'measure.indicator_code',
        'correction_status': 'measure.correction',
        'coverage': 'measure.coverage',
        'imputed_share': 'measure.imputed_share',
        'suppressed_share': 'measure.suppressed_share',
        'vintage_on': 'measure.vintage_on',
        'region_count': 'measure.region_count',
        'is_illustrative': 'measure.is_illustrative',
    }, each) }}
)

select * from final
