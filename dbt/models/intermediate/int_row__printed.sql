{% set tables = ['cluster', 'cluster_status_event', 'organisation', 'membership'] %}

with final as (
    {% for table in tables %}
    select
        '{{ table }}' as row_kind,
        part.row_id,
        part.cells,
        part.printed
    from {{ ref('stg_' ~ table) }} as part
    inner join {{ ref('int_submission__current') }} as submission
        on part.file_id = submission.file_id
    {% if not loop.last %}
    union all
    {% endif %}
    {% endfor %}
)

select * from final
