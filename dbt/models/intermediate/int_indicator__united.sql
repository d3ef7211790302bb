{{ config(materialized='view') }}

{# the families of indicators; each gives its figures in one form, see macros/figures.sql #}
{% set families = [
    'specialisation', 'strength', 'structure', 'strength_share', 'concentration', 'agglomeration',
    'dynamics', 'shift_share', 'mobility', 'transition', 'disparity', 'convergence',
    'normalisation', 'composite', 'sensitivity', 'quality', 'crosscheck', 'percentile', 'regional',
    'performance', 'membership', 'network', 'cluster_link', 'cluster_status', 'support',
    'project_cluster',
] %}
{% set result = [
    'indicator_code', 'region_code', 'country_code', 'region_level', 'peer_group', 'is_peer',
    'cluster_code', 'activity_classifier', 'activity_code', 'year', 'period_end',
    'base_indicator_code', 'method_version', 'is_primary', 'value', 'unit_code', 'obs_status',
    'reason_code', 'correction_status', 'coverage', 'imputed_share', 'suppressed_share',
    'reference_kind', 'vintage_on', 'region_count', 'is_illustrative', 'observation_id', 'file_id',
] %}

with printed as (
    select
        yearly.indicator_code,
        yearly.region_code,
        yearly.country_code,
        yearly.region_level,
        yearly.peer_group,
        yearly.is_peer,
        '{{ var("not_applicable_code") }}' as cluster_code,
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
        {{ imputed_part('yearly.value', 'yearly.obs_status') }} as imputed_share,
        {{ suppressed_part('yearly.value', 'yearly.conf_status') }} as suppressed_share,
        cast(null as varchar) as reference_kind,
        {{ known_on('yearly') }} as vintage_on,
        cast(null as bigint) as region_count,
        yearly.is_illustrative,
        yearly.observation_id,
        yearly.file_id
    from {{ ref('int_observation__yearly') }} as yearly
),

final as (
    select
        {{ columns('printed', result) }},
        printed.corrected_value,
        printed.correction_id,
        printed.input_value,
        printed.input_correction
    from printed
    {% for family in families %}
    union all
    select
        {{ columns('figure', result) }},
        cast(null as double) as corrected_value,
        cast(null as varchar) as correction_id,
        figure.value as input_value,
        figure.correction_status as input_correction
    from {{ ref('int_' ~ family ~ '__figure') }} as figure
    {% endfor %}
)

select * from final
