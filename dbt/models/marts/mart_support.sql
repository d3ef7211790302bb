{% set amounts = ['committed_amount', 'paid_amount', 'private_amount'] %}

with final as (
    select
        support.cluster_code as cluster_id,
        support.is_illustrative,
        support.year,
        support.instrument_code,
        support.unit_code as currency_code,
        coalesce(instrument.measure_code, '{{ var("total_code") }}') as measure_code,
        cast(support.support_count as integer) as support_count,
        {% for amount in amounts %}
        support.{{ amount }},
        support.{{ amount }}_reason_code,
        {% endfor %}
        cast(support.member_count as integer) as member_count,
        support.job_count,
        support.paid_per_member,
        support.paid_per_member_reason_code,
        support.paid_per_job,
        support.paid_per_job_reason_code,
        support.leverage,
        support.leverage_reason_code
    from {{ ref('int_support__computed') }} as support
    left join {{ ref('dim_support_instrument') }} as instrument
        on support.instrument_code = instrument.instrument_code
    where support.support_count > 0
)

select * from final
