{% set panel = [
    'indicator_code', 'quantity_kind', 'weighting', 'country_code', 'region_level',
    'peer_group', 'year', 'period_end', 'unit_code', 'method_version',
] %}
{% set epsilons = var('atkinson_epsilons') %}

with regions as (
    select
        {{ columns('region', panel) }},
        region.region_code,
        region.parent_code,
        region.value,
        case when region.weighting = 'equal' then 1 else region.weight end as weight,
        region.is_illustrative,
        region.correction,
        region.imputed_part,
        region.suppressed_part,
        region.vintage_on
    from {{ ref('int_disparity__input') }} as region
),

panels as (
    select
        {{ columns('region', panel) }},
        count(*) as expected_count,
        count(region.value + region.weight) as region_count,
        {{ joined_text(
            "case when region.value + region.weight is null then region.region_code end",
            "region.region_code",
        ) }} as missing_regions,
        min(region.value) as lowest,
        {{ ordered_sum("region.weight", "region.region_code") }} as total_weight,
        {{ ratio(
            ordered_sum('region.value * region.weight', 'region.region_code'),
            ordered_sum('region.weight', 'region.region_code')
        ) }} as mean_value,
        {{ any_true('region.is_illustrative') }} as is_illustrative,
        max(region.correction) as correction,
        {{ any_true('region.suppressed_part > 0') }} as has_suppressed,
        avg(region.suppressed_part) as suppressed_share,
        {{ ratio(
            ordered_sum(
                'abs(region.value * region.weight) * region.imputed_part', 'region.region_code'
            ),
            ordered_sum('abs(region.value * region.weight)', 'region.region_code')
        ) }} as imputed_share,
        max(region.vintage_on) as vintage_on,
        min(region.weight) as lowest_weight,
        count(distinct region.parent_code) as parent_count,
        count(region.parent_code) as grouped_count
    from regions as region
    group by {{ columns('region', panel) }}
),

-- rules E-CONF, E-MISS, E-SMALL, E-NEG and E-ZERO: why a panel has no measure at all
explained as (
    select
        {{ columns('panels', panel) }},
        panels.expected_count,
        panels.region_count,
        panels.missing_regions,
        panels.lowest,
        panels.total_weight,
        panels.mean_value,
        panels.is_illustrative,
        panels.correction,
        panels.suppressed_share,
        panels.imputed_share,
        panels.vintage_on,
        panels.parent_count,
        panels.grouped_count,
        {{ first_reason([
            [is_pending("panels.correction"), reason('correction_pending')],
            ["panels.has_suppressed", reason('confidential_input')],
            ["panels.region_count < panels.expected_count", reason('incomplete_coverage')],
            ["panels.region_count < 2", reason('too_few_regions')],
            ["panels.lowest < 0 or panels.lowest_weight < 0", reason('negative_input')],
            ["panels.mean_value is null or panels.mean_value = 0", reason('zero_denominator')],
        ]) }} as reason_code
    from panels
),

relative as (
    select
        {{ columns('explained', panel) }},
        region.region_code,
        region.parent_code,
        region.value,
        region.weight / explained.total_weight as p,
        region.value / explained.mean_value as r
    from explained
    inner join regions as region
        on {{ same('explained', 'region', panel) }}
    where explained.reason_code is null
),

-- regions under one parent: their joint weight and their mean
parents as (
    select
        {{ columns('relative', panel) }},
        relative.parent_code,
        {{ ratio(
            ordered_sum('relative.p * relative.r', 'relative.region_code'),
            ordered_sum('relative.p', 'relative.region_code')
        ) }} as r
    from relative
    group by {{ columns('relative', panel) }}, relative.parent_code
),

cumulated as (
    select
        {{ columns('relative', panel) }},
        relative.region_code,
        relative.parent_code,
        relative.p,
        relative.r,
        parents.r as parent_r,
        sum(relative.p) over (
            partition by {{ columns('relative', panel) }}
            order by relative.r, relative.region_code
            rows between unbounded preceding and current row
        ) as cumulative_p
    from relative
    inner join parents
        on {{ same('relative', 'parents', panel) }}
        and relative.parent_code is not distinct from parents.parent_code
),

measured as (
    select
        {{ columns('cumulated', panel) }},
        {{ coefficient_of_variation('cumulated.p', 'cumulated.r', 'cumulated.region_code') }}
            as cv_population,
        {{ coefficient_of_variation('cumulated.p', 'cumulated.r', 'cumulated.region_code') }}
        * {{ sample_correction('count(*)') }} as cv_sample,
        {{ theil_t('cumulated.p', 'cumulated.r', 'cumulated.region_code') }} as theil_t,
        {{ theil_t('cumulated.p', 'cumulated.parent_r', 'cumulated.region_code') }}
            as theil_t_between,
        {{ theil_within(
            'cumulated.p', 'cumulated.r', 'cumulated.parent_r', 'cumulated.region_code'
        ) }} as theil_t_within,
        {{ theil_l('cumulated.p', 'cumulated.r', 'cumulated.region_code') }} as theil_l,
        {{ gini('cumulated.p', 'cumulated.r', 'cumulated.cumulative_p', 'cumulated.region_code') }}
            as gini,
        {{ hoover('cumulated.p', 'cumulated.r', 'cumulated.region_code') }} as hoover,
        {{ coulter('cumulated.p', 'cumulated.r', 'cumulated.region_code') }} as coulter,
        {{ logarithmic_deviation('cumulated.p', 'cumulated.r', 'cumulated.region_code') }}
            as logarithmic_deviation,
        {% for epsilon in epsilons %}
        {{ atkinson('cumulated.p', 'cumulated.r', epsilon, 'cumulated.region_code') }}
            as atkinson_{{ loop.index }},
        {% endfor %}
        {{ herfindahl('cumulated.p * cumulated.r', 'cumulated.region_code') }} as herfindahl,
        {{ max_min_ratio('cumulated.r') }} as max_min_ratio
    from cumulated
    group by {{ columns('cumulated', panel) }}
),

final as (
    select
        {{ columns('explained', panel) }},
        explained.expected_count,
        explained.region_count,
        explained.missing_regions,
        {{ computed(ratio('cast(explained.region_count as double)', 'explained.expected_count')) }}
            as coverage,
        explained.is_illustrative,
        explained.correction,
        explained.reason_code,
        case
            when explained.reason_code is not null then explained.reason_code
            when explained.lowest = 0 then {{ reason('zero_input') }}
        end as positive_reason_code,
        -- rule E-MISS for the map of groups: a region outside all groups, or a single group
        case
            when explained.reason_code is not null then explained.reason_code
            when explained.grouped_count < explained.expected_count
                then {{ reason('missing_input') }}
            when explained.parent_count < 2 then {{ reason('not_applicable') }}
        end as group_reason_code,
        explained.parent_count,
        explained.suppressed_share,
        {{ computed('explained.imputed_share') }} as imputed_share,
        explained.vintage_on,
        case when explained.reason_code is null then {{ computed('explained.mean_value') }} end
            as mean_value,
        {{ computed('measured.cv_population') }} as cv_population,
        {{ computed('measured.cv_sample') }} as cv_sample,
        {{ computed('measured.theil_t') }} as theil_t,
        {{ computed('measured.theil_t_between') }} as theil_t_between,
        {{ computed('measured.theil_t_within') }} as theil_t_within,
        {{ computed('measured.theil_l') }} as theil_l,
        {{ computed('measured.gini') }} as gini,
        {{ computed('measured.hoover') }} as hoover,
        {{ computed('measured.coulter') }} as coulter,
        {{ computed('measured.logarithmic_deviation') }} as logarithmic_deviation,
        {% for epsilon in epsilons %}
        {{ computed('measured.atkinson_' ~ loop.index) }} as atkinson_{{ loop.index }},
        {% endfor %}
        {{ computed('measured.herfindahl') }} as herfindahl,
        {{ computed(herfindahl_normalised('measured.herfindahl', 'explained.region_count')) }}
            as herfindahl_normalised,
        {{ computed('measured.max_min_ratio') }} as max_min_ratio
    from explained
    left join measured on {{ same('explained', 'measured', panel) }}
)

select * from final
