{% set line = [
    'base_indicator_code', 'activity_classifier', 'activity_code', 'country_code', 'peer_group',
    'year', 'unit_code', 'method_version',
] %}
{# figures that rank rules compare, and the parts of the regions at which they do #}
{% set quantiles = [
    ('quotient', 'q25', 0.25), ('quotient', 'q50', 0.5), ('quotient', 'q75', 0.75),
    ('quotient', 'q90', 0.9), ('size', 'q25', 0.25), ('size', 'star', var('size_star_part')),
    ('focus', 'star', var('focus_star_part')), ('establishments', 'q25', 0.25),
] %}

with cells as (
    select
        {{ columns('cell', line) }},
        cell.region_code,
        cell.region_count,
        cell.quotient_correction,
        cell.known_on,
        cell.bound_high is not null
        or {{ is_known('cell.value', 'cell.reason_code') }} as is_known,
        -- nothing of an activity that there is elsewhere is a quotient of nothing
        case
            when cell.reason_code = '{{ var("nothing_reason") }}' then 0 * cell.base_share
            else cell.location_quotient
        end as quotient,
        cell.is_withheld or cell.is_secondary as is_hidden,
        cell.bound_high > 0 as is_present,
        cell.bound_high > 0 and not cell.bound_low > 0 as is_perhaps_absent,
        cell.rule_quotient_low as quotient_low,
        cell.rule_quotient_high as quotient_high,
        cell.bound_low as size_low,
        cell.bound_high as size_high,
        cell.focus_low,
        cell.focus_high,
        case when cell.is_establishments_withheld then 0 else cell.establishments end
            as establishments_low,
        case
            when cell.is_establishments_withheld then {{ unbounded() }} else cell.establishments
        end as establishments_high
    from {{ ref('int_specialisation__computed') }} as cell
),

final as (
    select
        {{ columns('cells', line) }},
        {% for figure, name, part in quantiles %}
        {{ quantile(least_of('cells', figure), part) }} as {{ figure }}_{{ name }}_low,
        {{ quantile(most_of('cells', figure), part) }} as {{ figure }}_{{ name }}_high,
        {% endfor %}
        max(cells.region_count) as region_count,
        count(case when cells.is_known then 1 end) as known_count,
        count(case when cells.is_present then 1 end) as present_count,
        count(case when cells.is_present then cells.quotient_low + cells.quotient_high end)
            as present_quotient_count,
        count(
            case when cells.is_present then cells.establishments_low + cells.establishments_high end
        ) as present_establishments_count,
        {{ any_true('cells.is_hidden') }} as has_hidden,
        max(cells.quotient_correction) as correction,
        max(cells.known_on) as known_on,
        count(cells.quotient) as quotient_count,
        count(case when cells.quotient > 0 then 1 end) as positive_quotient_count,
        {{ ratio(
            ordered_sum('cells.quotient', 'cells.region_code'), 'count(cells.quotient)'
        ) }} as quotient_mean,
        {{ ordered_deviation('cells.quotient', 'cells.region_code', var('deviation_form')) }}
            as quotient_deviation,
        {{ ratio(
            ordered_sum(positive_logarithm('cells.quotient'), 'cells.region_code'),
            'count(case when cells.quotient > 0 then 1 end)'
        ) }} as log_quotient_mean,
        {{ ordered_deviation(
            positive_logarithm('cells.quotient'), 'cells.region_code', var('deviation_form')
        ) }} as log_quotient_deviation
    from cells
    group by {{ columns('cells', line) }}
)

select * from final
