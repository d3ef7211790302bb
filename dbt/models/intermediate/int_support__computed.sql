{% set cluster = ['cluster_code', 'is_illustrative', 'year'] %}
{% set key = cluster + ['instrument_code', 'unit_code'] %}
{% set amounts = ['committed_amount', 'paid_amount', 'private_amount'] %}
{% set total = "'" ~ var('total_code') ~ "'" %}

-- each instrument by itself, and all of a cluster together; currencies are never added up
with given as (
    select
        {{ columns('support', key) }},
        support.country_code,
        support.region_code,
        {{ columns('support', amounts) }},
        support.instrument_code is not null as is_given,
        support.member_count,
        support.reported_count,
        support.job_count,
        support.known_on
    from {{ ref('int_support__input') }} as support
    where support.instrument_code is not null
    union all
    select
        {{ columns('support', cluster) }},
        {{ total }} as instrument_code,
        support.unit_code,
        support.country_code,
        support.region_code,
        {{ columns('support', amounts) }},
        support.instrument_code is not null as is_given,
        support.member_count,
        support.reported_count,
        support.job_count,
        support.known_on
    from {{ ref('int_support__input') }} as support
),

sums as (
    select
        {{ columns('given', key) }},
        max(given.country_code) as country_code,
        max(given.region_code) as region_code,
        {% for amount in amounts %}
        count(given.{{ amount }}) as {{ amount }}_count,
        {{ exact_sum('given.' ~ amount) }} as {{ amount }},
        {% endfor %}
        count(case when given.is_given then 1 end) as support_count,
        max(given.member_count) as member_count,
        max(given.reported_count) as reported_count,
        max(given.job_count) as job_count,
        max(given.known_on) as known_on
    from given
    group by {{ columns('given', key) }}
),

-- a sum of which a part is not stated is no sum
stated as (
    select
        {{ columns('sums', key) }},
        sums.country_code,
        sums.region_code,
        {% for amount in amounts %}
        case when sums.{{ amount }}_count = sums.support_count then sums.{{ amount }} end
            as {{ amount }},
        {{ first_reason([
            ["sums." ~ amount ~ "_count = 0", reason('missing_input')],
            ["sums." ~ amount ~ "_count < sums.support_count", reason('incomplete_coverage')],
            ["sums." ~ amount ~ " < 0", reason('negative_input')],
        ]) }} as {{ amount }}_reason_code,
        {{ computed(ratio('1.0 * sums.' ~ amount ~ '_count', 'sums.support_count')) }}
            as {{ amount }}_coverage,
        {% endfor %}
        sums.support_count,
        sums.member_count,
        sums.reported_count,
        case
            when sums.member_count > 0 and sums.reported_count = sums.member_count
                then sums.job_count
        end as job_count,
        sums.known_on
    from sums
),

explained as (
    select
        stated.*,
        {{ first_reason([
            ["stated.paid_amount_reason_code is not null", "stated.paid_amount_reason_code"],
            ["stated.member_count is null", reason('missing_input')],
            ["stated.member_count = 0", reason('zero_denominator')],
        ]) }} as paid_per_member_reason_code,
        {{ first_reason([
            ["stated.paid_amount_reason_code is not null", "stated.paid_amount_reason_code"],
            ["coalesce(stated.reported_count, 0) = 0", reason('missing_input')],
            ["stated.reported_count < stated.member_count", reason('incomplete_coverage')],
            ["coalesce(stated.job_count, 0) = 0", reason('zero_denominator')],
        ]) }} as paid_per_job_reason_code,
        {{ first_reason([
            ["stated.private_amount_reason_code is not null", "stated.private_amount_reason_code"],
            ["stated.paid_amount_reason_code is not null", "stated.paid_amount_reason_code"],
            ["stated.paid_amount = 0", reason('zero_denominator')],
        ]) }} as leverage_reason_code
    from stated
),

final as (
    select
        {{ columns('explained', key) }},
        {{ is_leading_world('explained', ['cluster_code', 'year']) }} as is_leading,
        explained.country_code,
        explained.region_code,
        explained.support_count,
        {% for amount in amounts %}
        case when explained.{{ amount }}_reason_code is null then explained.{{ amount }} end
            as {{ amount }},
        explained.{{ amount }}_reason_code,
        explained.{{ amount }}_coverage,
        {% endfor %}
        explained.member_count,
        explained.job_count,
        case when explained.paid_per_member_reason_code is null then {{ computed(
            support_intensity('explained.paid_amount', 'explained.member_count')
        ) }} end as paid_per_member,
        explained.paid_per_member_reason_code,
        case when explained.paid_per_job_reason_code is null then {{ computed(
            support_intensity('explained.paid_amount', 'explained.job_count')
        ) }} end as paid_per_job,
        explained.paid_per_job_reason_code,
        case when explained.leverage_reason_code is null then {{ computed(
            leverage('explained.private_amount', 'explained.paid_amount')
        ) }} end as leverage,
        explained.leverage_reason_code,
        explained.known_on
    from explained
)

select * from final
