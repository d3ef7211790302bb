{% set cluster = ['cluster_id', 'is_illustrative', 'year'] %}
{% set key = cluster + ['instrument_code', 'currency_code'] %}
{% set amounts = ['committed_amount', 'paid_amount', 'private_amount'] %}
{% set total = "'" ~ var('total_code') ~ "'" %}

-- each instrument by itself, and all of a cluster together; currencies are never added up
with given as (
    select
        {{ columns('support', cluster) }},
        support.instrument_code,
        support.currency_code,
        {{ columns('support', amounts) }}
    from {{ ref('fct_support') }} as support
    union all
    select
        {{ columns('support', cluster) }},
        {{ total }} as instrument_code,
        support.currency_code,
        {{ columns('support', amounts) }}
    from {{ ref('fct_support') }} as support
),

sums as (
    select
        {{ columns('given', key) }},
        {% for amount in amounts %}
        count(given.{{ amount }}) as {{ amount }}_count,
        {{ exact_sum('given.' ~ amount) }} as {{ amount }},
        {% endfor %}
        count(*) as support_count
    from given
    group by {{ columns('given', key) }}
),

-- a sum of which a part is not stated is no sum
stated as (
    select
        {{ columns('sums', key) }},
        {% for amount in amounts %}
        case when sums.{{ amount }}_count = sums.support_count then sums.{{ amount }} end
            as {{ amount }},
        {{ first_reason([
            ["sums." ~ amount ~ "_count = 0", reason('missing_input')],
            ["sums." ~ amount ~ "_count < sums.support_count", reason('incomplete_coverage')],
        ]) }} as {{ amount }}_reason_code,
        {% endfor %}
        sums.support_count
    from sums
),

joined as (
    select
        {{ columns('stated', key) }},
        stated.support_count,
        {% for amount in amounts %}
        stated.{{ amount }},
        stated.{{ amount }}_reason_code,
        {% endfor %}
        year_of_cluster.member_count,
        case
            when
                year_of_cluster.member_count > 0
                and year_of_cluster.member_employees_reported_count = year_of_cluster.member_count
                then year_of_cluster.member_employees
        end as job_count,
        year_of_cluster.member_employees_reported_count as reported_count
    from stated
    left join {{ ref('mart_cluster_year') }} as year_of_cluster
        on {{ same('stated', 'year_of_cluster', cluster) }}
),

explained as (
    select
        joined.*,
        {{ first_reason([
            ["joined.paid_amount_reason_code is not null", "joined.paid_amount_reason_code"],
            ["joined.member_count is null", reason('missing_input')],
            ["joined.member_count = 0", reason('zero_denominator')],
        ]) }} as paid_per_member_reason_code,
        {{ first_reason([
            ["joined.paid_amount_reason_code is not null", "joined.paid_amount_reason_code"],
            ["coalesce(joined.reported_count, 0) = 0", reason('missing_input')],
            ["joined.reported_count < joined.member_count", reason('incomplete_coverage')],
            ["coalesce(joined.job_count, 0) = 0", reason('zero_denominator')],
        ]) }} as paid_per_job_reason_code,
        {{ first_reason([
            ["joined.private_amount_reason_code is not null", "joined.private_amount_reason_code"],
            ["joined.paid_amount_reason_code is not null", "joined.paid_amount_reason_code"],
            ["joined.paid_amount = 0", reason('zero_denominator')],
        ]) }} as leverage_reason_code
    from joined
),

final as (
    select
        {{ columns('explained', key) }},
        coalesce(instrument.measure_code, {{ total }}) as measure_code,
        cast(explained.support_count as integer) as support_count,
        {% for amount in amounts %}
        explained.{{ amount }},
        explained.{{ amount }}_reason_code,
        {% endfor %}
        cast(explained.member_count as integer) as member_count,
        explained.job_count,
        case when explained.paid_per_member_reason_code is null then {{ computed(
            ratio('explained.paid_amount', 'explained.member_count')
        ) }} end as paid_per_member,
        explained.paid_per_member_reason_code,
        case when explained.paid_per_job_reason_code is null then {{ computed(
            ratio('explained.paid_amount', 'explained.job_count')
        ) }} end as paid_per_job,
        explained.paid_per_job_reason_code,
        case when explained.leverage_reason_code is null then {{ computed(
            ratio('explained.private_amount', 'explained.paid_amount')
        ) }} end as leverage,
        explained.leverage_reason_code
    from explained
    left join {{ ref('dim_support_instrument') }} as instrument
        on explained.instrument_code = instrument.instrument_code
)

select * from final
