{% set key = ['cluster_id', 'is_illustrative', 'year'] %}
{% set amounts = ['committed_amount', 'paid_amount', 'private_amount'] %}

-- members and their jobs in a year; jobs only when every member has reported them
with sizes as (
    select
        {{ columns('member', key) }},
        count(*) as member_count,
        count(case when measured.has_employees then 1 end) as reported_count,
        {{ exact_sum('measured.employees') }} as employees
    from {{ ref('int_member__yearly') }} as member
    left join {{ ref('int_member__measured') }} as measured
        on {{ same('member', 'measured', key + ['organisation_id']) }}
    where member.is_at_end
    group by {{ columns('member', key) }}
),

-- support may come in a year that the cluster itself is not followed in
years as (
    select
        {{ columns('cluster', key) }},
        cluster.country_code,
        cluster.home_region_code
    from {{ ref('int_cluster__yearly') }} as cluster
    union all
    select distinct
        {{ columns('support', key) }},
        {{ country_of_cluster('support.cluster_id') }} as country_code,
        cast(null as varchar) as home_region_code
    from {{ ref('fct_support') }} as support
    left join {{ ref('int_cluster__yearly') }} as cluster on {{ same('support', 'cluster', key) }}
    where cluster.cluster_id is null
),

final as (
    select
        years.cluster_id as cluster_code,
        years.country_code,
        coalesce(years.home_region_code, years.country_code) as region_code,
        years.year,
        years.is_illustrative,
        support.instrument_code,
        coalesce(support.currency_code, currency.currency_code) as unit_code,
        {{ columns('support', amounts) }},
        case when cluster.cluster_id is not null then coalesce(sizes.member_count, 0) end
            as member_count,
        coalesce(sizes.reported_count, 0) as reported_count,
        sizes.employees as job_count,
        cast(support.received_at as date) as known_on
    from years
    left join {{ ref('fct_support') }} as support on {{ same('years', 'support', key) }}
    left join {{ ref('int_cluster__yearly') }} as cluster on {{ same('years', 'cluster', key) }}
    left join sizes on {{ same('years', 'sizes', key) }}
    left join {{ ref('currencies') }} as currency
        on years.country_code = currency.country_code
        and make_date(years.year, 12, 31) >= currency.valid_from
        and make_date(years.year, 12, 31)
        <= coalesce(currency.valid_to, cast('9999-12-31' as date))
)

select * from final
