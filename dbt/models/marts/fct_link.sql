{% set key = ['cluster_id', 'link_level', 'from_id', 'to_id', 'link_type', 'valid_from'] %}

with named as (
    select
        {{ columns('link', key) }},
        link.is_illustrative,
        link.valid_to,
        link.report_end as last_named_on,
        max(link.report_end) over (
            partition by link.cluster_id, link.is_illustrative
        ) as last_reported_on,
        {{ of_thousands('link.amount') }} as amount,
        case when link.amount is not null then link.currency_code end as currency_code,
        link.received_at,
        link.row_id,
        link.file_id,
        link.table_name,
        link.cell
    from {{ current_rows(ref('stg_link'), key) }} as link
),

-- a link that later lists leave out, and whose end nobody stated, held as long as it was named
final as (
    select
        {{ columns('named', key) }},
        named.is_illustrative,
        case
            when named.valid_to is not null then named.valid_to
            when named.last_named_on < named.last_reported_on
                then greatest(named.last_named_on, named.valid_from)
        end as valid_to,
        case
            when named.valid_to is not null then 'stated'
            when named.last_named_on < named.last_reported_on then 'not_repeated'
        end as end_kind,
        named.amount,
        named.currency_code,
        named.received_at,
        named.row_id,
        named.file_id,
        named.table_name,
        named.cell
    from named
)

select * from final
