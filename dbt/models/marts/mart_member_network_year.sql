{% set cluster = ['cluster_id', 'is_illustrative', 'year'] %}
{% set key = cluster + ['organisation_id'] %}
{% set sales_reason = first_reason([
    [
        "not (coalesce(sales.has_sales, false) and sales.has_sales_to_members)",
        reason('missing_input'),
    ],
    ["sales.has_several_currencies", reason('unit_break')],
    ["coalesce(sales.sales, 0) = 0", reason('zero_denominator')],
]) %}

with contracts as (
    select
        {{ columns('link', cluster) }},
        link.from_id as organisation_id
    from {{ ref('int_network__link') }} as link
    where link.link_type = {{ code('link_type', 'contract') }}
    union all
    select
        {{ columns('link', cluster) }},
        link.to_id as organisation_id
    from {{ ref('int_network__link') }} as link
    where link.link_type = {{ code('link_type', 'contract') }}
),

contract_counts as (
    select
        {{ columns('contracts', key) }},
        count(*) as contract_count
    from contracts
    group by {{ columns('contracts', key) }}
),

final as (
    select
        {{ columns('member', key) }},
        cast(degree.member_count as integer) as member_count,
        case when degree.is_reported then cast(degree.degree as integer) end as degree,
        case when not degree.is_reported then {{ reason('missing_input') }} end
            as degree_reason_code,
        degree.normalised_degree,
        degree.pair_reason_code as normalised_degree_reason_code,
        degree.betweenness,
        degree.triple_reason_code as betweenness_reason_code,
        degree.closeness,
        degree.pair_reason_code as closeness_reason_code,
        case
            when degree.is_reported
                then cast(coalesce(contract_counts.contract_count, 0) as integer)
        end as contract_count,
        case when {{ sales_reason }} is null then {{ computed(
            '100 * ' ~ ratio('coalesce(sales.sales_to_members, 0)', 'sales.sales')
        ) }} end as intra_sales_pct,
        {{ sales_reason }} as intra_sales_reason_code
    from {{ ref('int_member__yearly') }} as member
    inner join {{ ref('int_network__degree') }} as degree
        on member.cluster_id = degree.cluster_code
        and member.is_illustrative = degree.is_illustrative
        and member.year = degree.year
        and member.organisation_id = degree.organisation_id
        and degree.link_type = '{{ var("total_code") }}'
    left join contract_counts on {{ same('member', 'contract_counts', key) }}
    left join {{ ref('int_member__measured') }} as sales on {{ same('member', 'sales', key) }}
    where member.is_at_end
)

select * from final
