{% set shares = [
    {
        'indicator': 'SPC_LQ', 'value': 'cell.location_quotient', 'unit': 'ratio',
        'reason': 'cell.location_quotient_reason_code', 'flag': 'cell.is_quotient_illustrative',
        'correction': 'cell.quotient_correction',
        'coverage': 'cell.reference_coverage',
    },
    {
        'indicator': 'SPC_SIZE', 'value': computed('cell.size_share * 100'), 'unit': 'per_cent',
        'reason': 'cell.size_reason_code', 'flag': 'cell.is_size_illustrative',
        'correction': 'cell.size_correction',
        'coverage': 'cell.reference_coverage',
    },
    {
        'indicator': 'SPC_FOCUS', 'value': computed('cell.focus_share * 100'), 'unit': 'per_cent',
        'reason': 'cell.focus_reason_code', 'flag': 'cell.is_focus_illustrative',
        'correction': 'cell.focus_correction',
        'coverage': 'case when cell.region_total is null then 0.0 else 1.0 end',
    },
] %}
{# indicator, column, weighting, what its method adds, column of its reason #}
{% set disparities = [
    ('DSP_CV', 'cv_population', 'equal', ';form=population', 'reason_code'),
    ('DSP_CV', 'cv_sample', 'equal', ';form=sample', 'reason_code'),
    ('DSP_THT', 'theil_t', 'equal', '', 'reason_code'),
    ('DSP_THT', 'theil_t', 'population', '', 'reason_code'),
    ('DSP_THL', 'theil_l', 'equal', '', 'positive_reason_code'),
    ('DSP_THL', 'theil_l', 'population', '', 'positive_reason_code'),
    ('DSP_GINI', 'gini', 'equal', '', 'reason_code'),
    ('DSP_GINI', 'gini', 'population', '', 'reason_code'),
    ('DSP_HOOV', 'hoover', 'equal', '', 'reason_code'),
    ('DSP_HOOV', 'hoover', 'population', '', 'reason_code'),
    ('DSP_WILL', 'cv_population', 'population', '', 'reason_code'),
    ('DSP_RATIO', 'max_min_ratio', 'equal', '', 'positive_reason_code'),
] %}
{% set result = [
    'indicator_code', 'region_code', 'country_code', 'region_level', 'peer_group', 'is_peer',
    'activity_classifier', 'activity_code', 'year', 'period_end', 'base_indicator_code',
    'method_version', 'is_primary', 'value', 'unit_code', 'obs_status', 'reason_code',
    'correction_status',
    'coverage', 'region_count', 'is_illustrative', 'observation_id', 'file_id',
] %}

with printed as (
    select
        yearly.indicator_code,
        yearly.region_code,
        yearly.country_code,
        yearly.region_level,
        yearly.peer_group,
        yearly.is_peer,
        yearly.activity_classifier,
        yearly.activity_code,
        yearly.year,
        yearly.period_end,
        yearly.indicator_code as base_indicator_code,
        yearly.method_version,
        yearly.is_primary,
        yearly.value,
        yearly.unit_code,
        yearly.obs_status,
        yearly.reason_code,
        yearly.corrected_value,
        yearly.correction_id,
        yearly.correction_status,
        yearly.input_value,
        yearly.input_correction,
        case when yearly.value is null then 0.0 else 1.0 end as coverage,
        cast(null as bigint) as region_count,
        yearly.is_illustrative,
        yearly.observation_id,
        yearly.file_id
    from {{ ref('int_observation__yearly') }} as yearly
),

specialised as (
    {% for share in shares %}
    select
        '{{ share.indicator }}' as indicator_code,
        cell.region_code,
        cell.country_code,
        cell.region_level,
        cell.peer_group,
        true as is_peer,
        cell.activity_classifier,
        cell.activity_code,
        cell.year,
        cell.period_end,
        cell.base_indicator_code,
        cell.method_version,
        true as is_primary,
        {{ share.value }} as value,
        '{{ share.unit }}' as unit_code,
        cell.obs_status,
        {{ share.reason }} as reason_code,
        {{ share.correction }} as correction_status,
        {{ share.coverage }} as coverage,
        cast(null as bigint) as region_count,
        {{ share.flag }} as is_illustrative,
        cast(null as varchar) as observation_id,
        cast(null as varchar) as file_id
    from {{ ref('int_specialisation__computed') }} as cell
    {% if not loop.last %}
    union all
    {% endif %}
    {% endfor %}
),

-- the structure of a region is one of its classifier's total
structured as (
    select
        'SPZ_HHI' as indicator_code,
        structure.region_code,
        structure.country_code,
        structure.region_level,
        structure.peer_group,
        true as is_peer,
        structure.activity_classifier,
        total.activity_code,
        structure.year,
        structure.period_end,
        structure.base_indicator_code,
        structure.method_version,
        true as is_primary,
        structure.herfindahl as value,
        'ratio' as unit_code,
        cast(null as varchar) as obs_status,
        structure.reason_code,
        structure.correction as correction_status,
        structure.coverage,
        cast(null as bigint) as region_count,
        structure.is_illustrative,
        cast(null as varchar) as observation_id,
        cast(null as varchar) as file_id
    from {{ ref('int_structure__computed') }} as structure
    inner join {{ ref('activities') }} as total
        on structure.activity_classifier = total.classifier_code
        and total.activity_level = 0
),

-- a disparity is a figure of the country; its method says between which regions, and how
dispersed as (
    {% for indicator, column, weighting, form, reason_column in disparities %}
    select
        '{{ indicator }}' as indicator_code,
        country.region_code,
        measure.country_code,
        country.region_level,
        {{ peer_group('country') }} as peer_group,
        false as is_peer,
        '{{ var("not_applicable_code") }}' as activity_classifier,
        '{{ var("total_code") }}' as activity_code,
        measure.year,
        measure.period_end,
        measure.indicator_code as base_indicator_code,
        {{ disparity_method('measure') }} || '{{ form }}' as method_version,
        true as is_primary,
        measure.{{ column }} as value,
        'ratio' as unit_code,
        cast(null as varchar) as obs_status,
        measure.{{ reason_column }} as reason_code,
        measure.correction as correction_status,
        measure.coverage,
        measure.region_count,
        measure.is_illustrative,
        cast(null as varchar) as observation_id,
        cast(null as varchar) as file_id
    from {{ ref('int_disparity__computed') }} as measure
    inner join {{ ref('regions') }} as country
        on measure.country_code = country.country_code
        and country.region_level = 0
    where measure.weighting = '{{ weighting }}'
    {% if not loop.last %}
    union all
    {% endif %}
    {% endfor %}
),

final as (
    {% for part in ['printed', 'specialised', 'structured', 'dispersed'] %}
    select
        {{ columns(part, result) }},
        {% if part == 'printed' %}
        printed.corrected_value,
        printed.correction_id,
        printed.input_value,
        printed.input_correction
        {% else %}
        cast(null as double) as corrected_value,
        cast(null as varchar) as correction_id,
        {{ part }}.value as input_value,
        {{ part }}.correction_status as input_correction
        {% endif %}
    from {{ part }}
    {% if not loop.last %}
    union all
    {% endif %}
    {% endfor %}
)

select * from final
