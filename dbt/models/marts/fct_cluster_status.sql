with said as (
    select
        event.cluster_id,
        event.is_illustrative,
        event.status_code,
        event.valid_from,
        event.deciding_body,
        event.document,
        event.reason,
        lag(event.status_code) over of_cluster as previous_status_code,
        event.received_at,
        event.row_id,
        event.file_id,
        event.table_name,
        event.cell
    from {{ current_rows(
        ref('stg_cluster_status_event'), ['cluster_id', 'valid_from']
    ) }} as event
    window of_cluster as (
        partition by event.cluster_id, event.is_illustrative
        order by event.valid_from
    )
),

-- a report that repeats the status says nothing new
final as (
    select
        said.cluster_id,
        {{ country_of_cluster('said.cluster_id') }} as country_code,
        said.is_illustrative,
        said.status_code,
        said.valid_from,
        cast(
            lead(said.valid_from) over (
                partition by said.cluster_id, said.is_illustrative
                order by said.valid_from
            ) - interval 1 day as date
        ) as valid_to,
        said.previous_status_code,
        coalesce(
            {{ stage_of_cluster('said.status_code') }}
            < {{ stage_of_cluster('said.previous_status_code') }},
            false
        ) as is_step_back,
        said.deciding_body,
        said.document,
        said.reason,
        said.received_at,
        said.row_id,
        said.file_id,
        said.table_name,
        said.cell
    from said
    where said.status_code is distinct from said.previous_status_code
)

select * from final
