{% set region_series = [
    'base_indicator_code', 'activity_classifier', 'country_code', 'region_code', 'region_level',
    'peer_group', 'year', 'period_end', 'unit_code', 'method_version', 'activity_count',
] %}

with parts as (
    select
        {{ columns('cell', region_series) }},
        cell.activity_code,
        case
            when cell.focus_reason_code = '{{ var("nothing_reason") }}' then 0
            else cell.focus_share
        end as share,
        case
            when
                cell.focus_reason_code = '{{ var("nothing_reason") }}'
                and cell.base_share is null
                and cell.reference_coverage >= 1
                then 0
            else cell.base_share
        end as base_share,
        cell.is_quotient_illustrative as is_illustrative,
        cell.focus_correction,
        cell.quotient_correction
    from {{ ref('int_specialisation__computed') }} as cell
    where cell.is_part
),

measured as (
    select
        {{ columns('parts', region_series) }},
        count(parts.share) as share_count,
        count(parts.base_share) as base_share_count,
        {{ ordered_sum('parts.share', 'parts.activity_code') }} as share_sum,
        {{ ordered_sum('parts.base_share', 'parts.activity_code') }} as base_share_sum,
        {{ any_true('parts.is_illustrative') }} as is_illustrative,
        max(parts.focus_correction) as correction,
        max(parts.quotient_correction) as comparison_correction,
        {{ herfindahl('parts.share', 'parts.activity_code') }} as herfindahl,
        {{ shannon_entropy_bits('parts.share', 'parts.activity_code') }} as entropy_bits,
        {{ krugman_index('parts.share', 'parts.base_share', 'parts.activity_code') }} as krugman,
        {{ hoover_specialisation('parts.share', 'parts.base_share', 'parts.activity_code') }}
            as hoover,
        {{ mean_location_quotient('parts.share', 'parts.base_share', 'parts.activity_code') }}
            as mean_location_quotient,
        {{ hachman_index('parts.share', 'parts.base_share', 'parts.activity_code') }} as hachman
    from parts
    group by {{ columns('parts', region_series) }}
),

-- a structure is one only when its shares make a whole: no cell missing, nothing left over
explained as (
    select
        {{ columns('measured', region_series) }},
        measured.is_illustrative,
        measured.correction,
        measured.comparison_correction,
        {{ computed(ratio('cast(measured.share_count as double)', 'measured.activity_count')) }}
            as coverage,
        measured.herfindahl,
        measured.entropy_bits,
        measured.krugman,
        measured.hoover,
        measured.mean_location_quotient,
        measured.hachman,
        case
            when {{ is_pending('measured.correction') }} then {{ reason('correction_pending') }}
            when
                measured.share_count < measured.activity_count
                or abs(measured.share_sum - 1) > {{ var('whole_tolerance') }}
                then {{ reason('incomplete_coverage') }}
        end as reason_code,
        case
            when {{ is_pending('measured.comparison_correction') }}
                then {{ reason('correction_pending') }}
            when
                measured.share_count < measured.activity_count
                or measured.base_share_count < measured.activity_count
                or abs(measured.share_sum - 1) > {{ var('whole_tolerance') }}
                or abs(measured.base_share_sum - 1) > {{ var('whole_tolerance') }}
                then {{ reason('incomplete_coverage') }}
        end as comparison_reason_code
    from measured
),

final as (
    select
        {{ columns('explained', region_series) }},
        explained.is_illustrative,
        explained.correction,
        explained.comparison_correction,
        explained.coverage,
        explained.reason_code,
        explained.comparison_reason_code,
        case when explained.reason_code is null then {{ computed('explained.herfindahl') }} end
            as herfindahl,
        case
            when explained.reason_code is null
                then {{ computed(
                    herfindahl_normalised('explained.herfindahl', 'explained.activity_count')
                ) }}
        end as herfindahl_normalised,
        case
            when explained.reason_code is null
                then {{ computed(equivalent_number('explained.herfindahl')) }}
        end as equivalent_number,
        case when explained.reason_code is null then {{ computed('explained.entropy_bits') }} end
            as entropy_bits,
        case
            when explained.comparison_reason_code is null
                then {{ computed('explained.krugman') }}
        end as krugman,
        case
            when explained.comparison_reason_code is null then {{ computed('explained.hoover') }}
        end as hoover,
        case
            when explained.comparison_reason_code is null
                then {{ computed('explained.mean_location_quotient') }}
        end as mean_location_quotient,
        case
            when explained.comparison_reason_code is null then {{ computed('explained.hachman') }}
        end as hachman
    from explained
)

select * from final
