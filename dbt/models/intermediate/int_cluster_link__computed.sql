{% set key = ['cluster_code', 'is_illustrative', 'year'] %}

with counted as (
    select
        {{ columns('link', key) }},
        max(link.country_code) as country_code,
        max(link.region_code) as region_code,
        max(link.unit_code) as unit_code,
        count(distinct link.unit_code) > 1 as has_several_currencies,
        {{ any_true('link.is_reported') }} as is_reported,
        count(distinct case
            when link.other_code <> link.cluster_code
                then coalesce(link.link_type, '') || ' ' || link.other_code
        end) as link_count,
        count(distinct case
            when link.other_code <> link.cluster_code then link.other_code
        end) as linked_cluster_count,
        count(case when link.other_code <> link.cluster_code then 1 end) as row_count,
        count(case when link.other_code <> link.cluster_code then link.amount end)
            as amount_count,
        {{ exact_sum('case when link.other_code <> link.cluster_code then link.amount end') }}
            as amount
    from {{ ref('int_cluster_link__input') }} as link
    group by {{ columns('link', key) }}
),

-- a cluster that has named no link, and that no other names, is unknown
reasoned as (
    select
        counted.*,
        case
            when counted.link_count = 0 and not counted.is_reported
                then {{ reason('missing_input') }}
        end as link_reason_code,
        {{ first_reason([
            ["counted.link_count = 0 and not counted.is_reported", reason('missing_input')],
            ["counted.row_count = 0", "null"],
            ["counted.has_several_currencies", reason('unit_break')],
            ["counted.amount_count = 0", reason('missing_input')],
            ["counted.amount_count < counted.row_count", reason('incomplete_coverage')],
        ]) }} as amount_reason_code
    from counted
),

final as (
    select
        {{ columns('reasoned', key) }},
        reasoned.country_code,
        reasoned.region_code,
        {{ is_leading_world('reasoned', ['cluster_code', 'year']) }} as is_leading,
        reasoned.is_reported,
        case
            when reasoned.link_reason_code is null then cast(reasoned.link_count as integer)
        end as link_count,
        case
            when reasoned.link_reason_code is null
                then cast(reasoned.linked_cluster_count as integer)
        end as linked_cluster_count,
        reasoned.link_reason_code,
        reasoned.unit_code,
        case
            when reasoned.amount_reason_code is null then coalesce(reasoned.amount, 0)
        end as amount,
        reasoned.amount_reason_code
    from reasoned
)

select * from final
