{% set indicators = [
    'population', 'area', 'grp', 'grp_per_capita', 'wage_nominal', 'wage_real_index',
    'employment', 'establishments', 'output_shipped', 'innovation_activity_rate', 'sme_count',
    'net_migration',
] %}
{% set columns_of_each = [
    'value', 'corrected_value', 'correction_id', 'correction_status', 'unit_code', 'reason_code',
    'is_illustrative', 'method_version', 'change', 'rank', 'is_comparison_illustrative',
    'comparison_correction_status',
] %}
{% set per_heads = [
    {'name': 'grp_per_head', 'indicator': 'grp', 'times': 1},
    {'name': 'output_shipped_per_head', 'indicator': 'output_shipped', 'times': 1},
    {'name': 'employment_per_1000', 'indicator': 'employment', 'times': 1000},
    {'name': 'establishments_per_1000', 'indicator': 'establishments', 'times': 1000},
    {'name': 'sme_count_per_1000', 'indicator': 'sme_count', 'times': 1000},
    {'name': 'net_migration_per_1000', 'indicator': 'net_migration', 'times': 1000},
] %}

with figures as (
    select
        figure.indicator_code,
        figure.region_code,
        figure.country_code,
        figure.region_level,
        figure.year,
        figure.method_version,
        figure.value,
        figure.corrected_value,
        figure.correction_id,
        figure.correction_status,
        figure.unit_code,
        figure.reason_code,
        figure.is_illustrative,
        figure.change,
        figure.rank,
        {{ any_true_of([
            'figure.is_change_illustrative', 'figure.is_rank_illustrative',
        ]) }} as is_comparison_illustrative,
        {{ worst_correction([
            'figure.change_correction_status', 'figure.rank_correction_status',
        ]) }} as comparison_correction_status,
        figure.has_correction
    from {{ ref('mart_indicator') }} as figure
    inner join {{ ref('indicators') }} as indicator
        on figure.indicator_code = indicator.indicator_code
        and indicator.indicator_kind = 'base'
    where
        figure.is_primary
        and figure.cluster_code = '{{ var("not_applicable_code") }}'
        and figure.activity_code = '{{ var("total_code") }}'
),

picked as (
    select
        figures.region_code,
        figures.country_code,
        figures.region_level,
        figures.year,
        {% for indicator in indicators %}
        {% for column in columns_of_each %}
        max(figures.{{ column }}) filter (
            where figures.indicator_code = '{{ indicator }}'
        ) as {{ indicator }}_{{ column }},
        {% endfor %}
        {% endfor %}
        count(figures.value) as figure_count,
        {{ any_true('figures.is_illustrative') }} as has_illustrative,
        {{ any_true(
            'figures.has_correction or figures.comparison_correction_status is not null'
        ) }} as has_correction
    from figures
    group by
        figures.region_code,
        figures.country_code,
        figures.region_level,
        figures.year
),

per_heads as (
    select
        total.region_code,
        {% for per_head in per_heads %}
        {{ per_head.times }} * max(total.value_per_head) filter (
            where total.indicator_code = '{{ per_head.indicator }}'
        ) as {{ per_head.name }},
        max(total.per_head_reason_code) filter (
            where total.indicator_code = '{{ per_head.indicator }}'
        ) as {{ per_head.name }}_reason_code,
        {{ any_true(
            "(total.is_illustrative or total.is_population_illustrative) "
            ~ "and total.indicator_code = '" ~ per_head.indicator ~ "'"
        ) }} as {{ per_head.name }}_is_illustrative,
        max({{ worst_correction(['total.correction', 'total.population_correction']) }}) filter (
            where total.indicator_code = '{{ per_head.indicator }}'
        ) as {{ per_head.name }}_correction_status,
        {% endfor %}
        total.year
    from {{ ref('int_indicator__per_head') }} as total
    group by
        total.region_code,
        total.year
),

densities as (
    select
        picked.region_code,
        picked.year,
        {{ computed(ratio(
            input_value(
                'picked.population_value', 'picked.population_corrected_value',
                'picked.population_correction_status',
            ),
            input_value(
                'picked.area_value', 'picked.area_corrected_value',
                'picked.area_correction_status',
            ),
        )) }} as value,
        {{ worst_correction([
            input_correction('picked.population_correction_status'),
            input_correction('picked.area_correction_status'),
        ]) }} as correction,
        picked.population_is_illustrative or picked.area_is_illustrative as is_illustrative
    from picked
),

final as (
    select
        picked.region_code,
        picked.country_code,
        picked.region_level,
        picked.year,
        {% for indicator in indicators %}
        picked.{{ indicator }}_value as {{ indicator }},
        picked.{{ indicator }}_corrected_value,
        picked.{{ indicator }}_correction_id,
        picked.{{ indicator }}_correction_status,
        picked.{{ indicator }}_unit_code,
        case
            when picked.{{ indicator }}_value is null
                then coalesce(picked.{{ indicator }}_reason_code, {{ reason('missing_input') }})
        end as {{ indicator }}_reason_code,
        picked.{{ indicator }}_is_illustrative,
        picked.{{ indicator }}_method_version,
        picked.{{ indicator }}_change,
        picked.{{ indicator }}_rank,
        picked.{{ indicator }}_is_comparison_illustrative,
        picked.{{ indicator }}_comparison_correction_status,
        {% endfor %}
        {% for per_head in per_heads %}
        {{ computed('per_heads.' ~ per_head.name) }} as {{ per_head.name }},
        case
            when per_heads.{{ per_head.name }} is not null then null
            else coalesce(per_heads.{{ per_head.name }}_reason_code, {{ reason('missing_input') }})
        end as {{ per_head.name }}_reason_code,
        case
            when per_heads.{{ per_head.name }} is not null
                then per_heads.{{ per_head.name }}_is_illustrative
        end as {{ per_head.name }}_is_illustrative,
        per_heads.{{ per_head.name }}_correction_status,
        {% endfor %}
        densities.value as population_density,
        case
            when densities.value is not null then null
            when {{ is_pending('densities.correction') }} then {{ reason('correction_pending') }}
            else {{ reason('missing_input') }}
        end as population_density_reason_code,
        densities.correction as population_density_correction_status,
        case when densities.value is not null then densities.is_illustrative end
            as population_density_is_illustrative,
        cast(picked.figure_count as integer) as figure_count,
        picked.has_illustrative,
        picked.has_correction
    from picked
    left join per_heads
        on picked.region_code = per_heads.region_code
        and picked.year = per_heads.year
    left join densities
        on picked.region_code = densities.region_code
        and picked.year = densities.year
)

select * from final
