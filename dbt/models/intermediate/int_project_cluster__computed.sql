{% set key = [
    'cluster_code', 'is_illustrative', 'year', 'measure_code', 'unit_code', 'direction',
] %}

-- shares and indices are not added up over projects
with parts as (
    select
        part.cluster_code,
        part.is_illustrative,
        part.year,
        part.measure_code,
        coalesce(part.plan_unit_code, part.actual_unit_code, '{{ var("not_applicable_code") }}')
            as unit_code,
        part.direction,
        part.country_code,
        part.region_code,
        part.project_id,
        part.plan_value,
        part.actual_value,
        part.execution_reason_code
    from {{ ref('int_project__computed') }} as part
    left join {{ ref('units') }} as unit on part.plan_unit_code = unit.unit_code
    where
        part.project_id is null
        or part.plan_value is not null
        and coalesce(unit.unit_kind, 'count') in ('count', 'money')
),

sums as (
    select
        {{ columns('parts', key) }},
        max(parts.country_code) as country_code,
        max(parts.region_code) as region_code,
        count(parts.project_id) as planned_count,
        count(case when parts.execution_reason_code is null then parts.project_id end)
            as compared_count,
        max(case when parts.actual_value is not null then parts.execution_reason_code end)
            as hard_reason_code,
        {{ exact_sum('parts.plan_value') }} as plan_value,
        {{ exact_sum('parts.actual_value') }} as actual_value
    from parts
    group by {{ columns('parts', key) }}
),

reasoned as (
    select
        sums.*,
        {{ first_reason([
            ["sums.planned_count = 0", reason('missing_input')],
            ["sums.compared_count = 0 and sums.hard_reason_code is null", reason('missing_input')],
            ["sums.compared_count < sums.planned_count",
                "coalesce(sums.hard_reason_code, " ~ reason('incomplete_coverage') ~ ")"],
            [execution_rate('sums.actual_value', 'sums.plan_value', 'sums.direction') ~ " is null",
                reason('zero_denominator')],
        ]) }} as execution_reason_code
    from sums
),

final as (
    select
        {{ columns('reasoned', key) }},
        {{ is_leading_world('reasoned', ['cluster_code', 'year']) }} as is_leading,
        reasoned.country_code,
        reasoned.region_code,
        reasoned.planned_count,
        reasoned.compared_count,
        {{ computed(ratio('1.0 * reasoned.compared_count', 'reasoned.planned_count')) }}
            as coverage,
        case when reasoned.execution_reason_code is null then {{ computed(
            execution_rate('reasoned.actual_value', 'reasoned.plan_value', 'reasoned.direction')
        ) }} end as execution_pct,
        reasoned.execution_reason_code
    from reasoned
)

select * from final
