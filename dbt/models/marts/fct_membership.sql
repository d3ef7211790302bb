with named as (
    select
        part.cluster_id,
        part.organisation_id,
        part.is_illustrative,
        part.role_code,
        part.joined_on,
        part.left_on,
        coalesce(
            part.joined_on, part.report_start, cast(part.received_at as date)
        ) as valid_from,
        part.report_end as last_named_on,
        max(part.report_end) over (
            partition by part.cluster_id, part.is_illustrative
        ) as last_reported_on,
        part.received_at,
        part.row_id,
        part.file_id,
        part.table_name,
        part.cell
    from {{ current_rows(
        ref('stg_membership'), ['cluster_id', 'organisation_id', 'joined_on']
    ) }} as part
),

-- who is no longer named, and of whom nobody said when they left, was a member as long as named
final as (
    select
        named.cluster_id,
        {{ country_of_cluster('named.cluster_id') }} as country_code,
        named.organisation_id,
        named.is_illustrative,
        named.role_code,
        named.joined_on,
        named.left_on,
        named.valid_from,
        case
            when named.left_on is not null then named.left_on
            when named.last_named_on < named.last_reported_on
                then greatest(named.last_named_on, named.valid_from)
        end as valid_to,
        case
            when named.left_on is not null then 'stated'
            when named.last_named_on < named.last_reported_on then 'not_repeated'
        end as end_kind,
        named.last_named_on,
        named.received_at,
        named.row_id,
        named.file_id,
        named.table_name,
        named.cell
    from named
)

select * from final
