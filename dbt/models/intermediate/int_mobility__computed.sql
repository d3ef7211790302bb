{% set panel = [
    'comparison', 'base_indicator_code', 'country_code', 'peer_group', 'year', 'period_end',
    'base_year', 'unit_code', 'method_version',
] %}

with regions as (
    select
        {{ columns('change', panel) }},
        change.region_code,
        change.value,
        change.base_value,
        change.is_withheld,
        change.is_bridged,
        change.is_deflated,
        change.is_illustrative,
        change.correction,
        change.reason_code
    from {{ ref('int_dynamics__computed') }} as change
    where
        change.is_peer
        and change.year > change.base_year
),

panels as (
    select
        {{ columns('regions', panel) }},
        count(*) as expected_count,
        count(case when regions.reason_code is null then 1 end) as region_count,
        {{ any_true('regions.is_bridged') }} as is_bridged,
        {{ any_true('regions.is_deflated') }} as is_deflated,
        {{ any_true('regions.is_withheld') }} as is_withheld,
        {{ any_true("regions.reason_code = " ~ reason('boundary_break')) }} as is_broken,
        {{ any_true('regions.is_illustrative') }} as is_illustrative,
        max(regions.correction) as correction
    from regions
    group by {{ columns('regions', panel) }}
),

-- each pair of regions once: 1 in the same order in both years, -1 turned round, 0 a tie
pairs as (
    select
        {{ columns('one', panel) }},
        sign(one.base_value - other.base_value) * sign(one.value - other.value) as agreement,
        case when one.base_value = other.base_value then 1 else 0 end as is_base_tie,
        case when one.value = other.value then 1 else 0 end as is_tie
    from regions as one
    inner join regions as other
        on {{ same('one', 'other', panel) }}
        and one.region_code < other.region_code
),

orders as (
    select
        {{ columns('pairs', panel) }},
        {{ kendall_tau_b(
            'sum(pairs.agreement)', 'count(*)', 'sum(pairs.is_base_tie)', 'sum(pairs.is_tie)'
        ) }} as tau
    from pairs
    group by {{ columns('pairs', panel) }}
),

explained as (
    select
        {{ columns('panels', panel) }},
        panels.region_count,
        {{ computed(ratio('cast(panels.region_count as double)', 'panels.expected_count')) }}
            as coverage,
        panels.is_bridged,
        panels.is_deflated,
        panels.is_illustrative,
        panels.correction,
        {{ computed('orders.tau') }} as tau,
        {{ first_reason([
            [is_pending('panels.correction'), reason('correction_pending')],
            ["panels.is_withheld", reason('confidential_input')],
            ["panels.is_broken", reason('boundary_break')],
            ["panels.region_count < panels.expected_count", reason('incomplete_coverage')],
            ["panels.expected_count < 2", reason('too_few_regions')],
            ["orders.tau is null", reason('zero_denominator')],
        ]) }} as reason_code
    from panels
    left join orders on {{ same('panels', 'orders', panel) }}
),

final as (
    select
        {{ columns('explained', panel) }},
        explained.region_count,
        explained.coverage,
        explained.is_bridged,
        explained.is_deflated,
        explained.is_illustrative,
        explained.correction,
        explained.reason_code,
        case when explained.reason_code is null then explained.tau end as tau
    from explained
)

select * from final
