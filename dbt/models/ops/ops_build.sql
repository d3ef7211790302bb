{% set tables = [
    'dim_region', 'dim_indicator', 'dim_unit', 'dim_activity', 'dim_source_file', 'dim_year',
    'fct_observation', 'mart_indicator', 'mart_region_year', 'mart_region_activity_year',
    'mart_disparity_year', 'ops_file_outcome', 'ops_rejected_cell', 'ops_check_result',
] %}

with
{%- for table in tables %}
{{ table }}_count as (
    select count(*) as row_count
    from {{ ref(table) }}
),
{% endfor %}
final as (
    select
        '{{ var("build_id") }}' as build_id,
        cast('{{ var("built_at") }}' as timestamp with time zone) as built_at,
        '{{ var("code_version") }}' as code_version
        {%- for table in tables %},
        {{ table }}_count.row_count as {{ table }}_count
        {%- endfor %}
    from {{ tables[0] }}_count
    {%- for table in tables[1:] %}
    cross join {{ table }}_count
    {%- endfor %}
)

select * from final
