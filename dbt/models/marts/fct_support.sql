{% set amounts = ['committed_amount', 'paid_amount', 'private_amount'] %}

with final as (
    select
        support.cluster_id,
        support.is_illustrative,
        support.instrument_code,
        coalesce(support.programme, '{{ var("not_applicable_code") }}') as programme,
        coalesce(support.recipient_id, support.cluster_id) as recipient_id,
        cast(support.support_year as integer) as year,
        coalesce(support.currency_code, '{{ var("not_applicable_code") }}') as currency_code,
        support.giver,
        {% for amount in amounts %}
        {{ of_thousands('support.' ~ amount) }} as {{ amount }},
        {% endfor %}
        support.received_at,
        support.row_id,
        support.file_id,
        support.table_name,
        support.cell
    from {{ current_rows(ref('stg_support'), [
        'cluster_id', 'instrument_code', 'programme', 'recipient_id', 'support_year',
    ]) }} as support
)

select * from final
