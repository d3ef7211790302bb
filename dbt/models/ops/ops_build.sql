{% set tables = [
    'dim_region', 'dim_indicator', 'dim_unit', 'dim_activity', 'dim_source_file', 'dim_year',
    'fct_observation', 'mart_indicator', 'mart_region_year', 'mart_region_activity_year',
    'mart_disparity_year', 'ops_file_outcome', 'ops_rejected_cell', 'ops_check_result',
] %}

with counts as (
    {% for table in tables %}
    select
        '{{ table }}' as table_name,
        count(*) as row_count
    from {{ ref(table) }}
    {% if not loop.last %}
    union all
    {% endif %}
    {% endfor %}
),

final as (
    select
        max(said.build_id) as build_id,
        max(said.built_at) as built_at,
        {% for table in tables %}
        max(counts.row_count) filter (
            where counts.table_name = '{{ table }}'
        ) as {{ table }}_count,
        {% endfor %}
        max(said.code_version) as code_version
    from counts
    cross join {{ source('staged', 'build') }} as said
)

select * from final
