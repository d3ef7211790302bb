{% set series = [
    'indicator_code', 'quantity_kind', 'weighting', 'country_code', 'region_level', 'peer_group',
    'unit_code', 'method_version', 'boundary_version',
] %}

-- every year of the series with its place: which year it starts from, and over which regions
with years as (
    select
        {{ columns('region', series) }},
        region.year,
        max(region.period_end) as period_end,
        {{ joined_text('region.region_code', 'region.region_code') }} as members,
        count(*) as expected_count,
        count(region.value) as region_count,
        min(region.value) as lowest,
        {{ ratio(ordered_sum('region.value', 'region.region_code'), 'count(region.value)') }}
            as mean_value,
        {{ any_true('region.is_illustrative') }} as is_illustrative,
        max(region.correction) as correction,
        {{ any_true('region.suppressed_part > 0') }} as has_suppressed,
        avg(region.suppressed_part) as suppressed_share,
        avg(region.imputed_part) as imputed_share,
        max(region.vintage_on) as vintage_on
    from {{ ref('int_convergence__input') }} as region
    group by {{ columns('region', series) }}, region.year
),

relative as (
    select
        {{ columns('years', series) }},
        years.year,
        region.region_code,
        1.0 / years.expected_count as p,
        {{ ratio('region.value', 'years.mean_value') }} as r
    from years
    inner join {{ ref('int_convergence__input') }} as region
        on {{ same('years', 'region', series) }}
        and years.year = region.year
    where years.region_count = years.expected_count and years.lowest >= 0
),

dispersed as (
    select
        {{ columns('relative', series) }},
        relative.year,
        {{ coefficient_of_variation('relative.p', 'relative.r', 'relative.region_code') }} as cv,
        {{ logarithmic_deviation('relative.p', 'relative.r', 'relative.region_code') }}
            as logarithmic_deviation
    from relative
    group by {{ columns('relative', series) }}, relative.year
),

-- each year as the end of a span that begins with the first year of the series
spans as (
    select
        {{ columns('years', series) }},
        years.year as last_year,
        min(past.year) as first_year,
        count(*) as year_count,
        count(dispersed.cv) as cv_count,
        count(dispersed.logarithmic_deviation) as logarithm_count,
        min(past.lowest) as lowest,
        count(distinct past.members) > 1 as has_other_regions,
        avg(past.year) as year_mean,
        {{ ordered_sum('dispersed.cv', 'past.year') }} / count(*) as cv_mean,
        {{ ordered_sum('dispersed.logarithmic_deviation', 'past.year') }} / count(*)
            as logarithm_mean,
        sum(past.region_count) as value_count,
        sum(past.expected_count) as cell_count,
        {{ any_true('past.is_illustrative') }} as is_illustrative,
        max(past.correction) as correction,
        {{ any_true('past.has_suppressed') }} as has_suppressed,
        {{ ordered_sum('past.suppressed_share', 'past.year') }} / count(*) as suppressed_share,
        {{ ordered_sum('past.imputed_share', 'past.year') }} / count(*) as imputed_share,
        max(past.vintage_on) as vintage_on
    from years
    inner join years as past
        on {{ same('years', 'past', series) }}
        and years.year >= past.year
    left join dispersed
        on {{ same('past', 'dispersed', series) }}
        and past.year = dispersed.year
    group by {{ columns('years', series) }}, years.year
),

trends as (
    select
        {{ columns('spans', series) }},
        spans.last_year,
        {{ slope('past.year', 'past.cv', 'spans.year_mean', 'spans.cv_mean', 'past.year') }}
            as cv_slope,
        {{ slope(
            'past.year', 'past.logarithmic_deviation', 'spans.year_mean', 'spans.logarithm_mean',
            'past.year'
        ) }} as logarithm_slope
    from spans
    inner join dispersed as past
        on {{ same('spans', 'past', series) }}
        and spans.last_year >= past.year
    group by {{ columns('spans', series) }}, spans.last_year
),

-- a region at both ends of the span
ends as (
    select
        {{ columns('spans', series) }},
        spans.last_year,
        spans.last_year - spans.first_year as span_years,
        first.region_code,
        first.value as first_value,
        last.value as last_value,
        {{ worst_correction(['first.correction', 'last.correction']) }} as correction,
        greatest(first.suppressed_part, last.suppressed_part) as suppressed_part
    from spans
    inner join {{ ref('int_convergence__input') }} as first
        on {{ same('spans', 'first', series) }}
        and spans.first_year = first.year
    left join {{ ref('int_convergence__input') }} as last
        on {{ same('spans', 'last', series) }}
        and spans.last_year = last.year
        and first.region_code = last.region_code
),

points as (
    select
        {{ columns('ends', series) }},
        ends.last_year,
        ends.span_years,
        ends.region_code,
        ends.first_value,
        ends.last_value,
        ends.correction,
        ends.suppressed_part,
        ln(nullif(greatest(ends.first_value, 0), 0)) as log_first,
        {{ annualised_log_growth('ends.first_value', 'ends.last_value', 'ends.span_years') }}
            as growth
    from ends
),

centred as (
    select
        points.*,
        avg(points.log_first) over of_span as log_first_mean,
        avg(points.growth) over of_span as growth_mean
    from points
    window of_span as (
        partition by {{ columns('points', series) }}, points.last_year
        order by points.region_code
        rows between unbounded preceding and unbounded following
    )
),

regressed as (
    select
        {{ columns('centred', series) }},
        centred.last_year,
        max(centred.span_years) as span_years,
        count(*) as region_count,
        count(centred.first_value + centred.last_value) as pair_count,
        count(centred.growth) as growth_count,
        min(least(centred.first_value, centred.last_value)) as lowest,
        min(centred.first_value) = max(centred.first_value) as is_level,
        max(centred.correction) as correction,
        {{ any_true('centred.suppressed_part > 0') }} as has_suppressed,
        {{ slope(
            'centred.log_first', 'centred.growth', 'centred.log_first_mean',
            'centred.growth_mean', 'centred.region_code'
        ) }} as beta
    from centred
    group by {{ columns('centred', series) }}, centred.last_year
),

rated as (
    select
        regressed.*,
        {{ convergence_speed('regressed.beta', 'nullif(regressed.span_years, 0)') }} as speed
    from regressed
),

reasoned as (
    select
        {{ columns('spans', series) }},
        spans.first_year,
        spans.last_year,
        spans.year_count,
        spans.value_count,
        spans.cell_count,
        spans.is_illustrative,
        spans.correction,
        spans.suppressed_share,
        spans.imputed_share,
        spans.vintage_on,
        trends.cv_slope,
        trends.logarithm_slope,
        rated.region_count,
        rated.beta,
        rated.speed,
        {{ first_reason([
            ["spans.has_other_regions", reason('boundary_break')],
            [is_pending("spans.correction"), reason('correction_pending')],
            ["spans.has_suppressed", reason('confidential_input')],
            ["spans.value_count < spans.cell_count", reason('incomplete_coverage')],
            ["rated.region_count < 2", reason('too_few_regions')],
            [
                "spans.year_count < " ~ var("convergence_min_years"),
                reason('too_few_years'),
            ],
            ["spans.lowest < 0", reason('negative_input')],
            ["spans.cv_count < spans.year_count", reason('zero_denominator')],
        ]) }} as cv_reason_code,
        spans.logarithm_count < spans.year_count as has_zero,
        {{ first_reason([
            ["spans.has_other_regions", reason('boundary_break')],
            [is_pending("rated.correction"), reason('correction_pending')],
            ["rated.has_suppressed", reason('confidential_input')],
            ["rated.pair_count < rated.region_count", reason('incomplete_coverage')],
            ["rated.region_count < 3", reason('too_few_regions')],
            ["rated.span_years = 0", reason('too_few_years')],
            ["rated.lowest < 0", reason('negative_input')],
            ["rated.lowest = 0", reason('zero_input')],
            ["rated.is_level or rated.beta is null", reason('zero_denominator')],
        ]) }} as beta_reason_code
    from spans
    inner join rated
        on {{ same('spans', 'rated', series) }}
        and spans.last_year = rated.last_year
    left join trends
        on {{ same('spans', 'trends', series) }}
        and spans.last_year = trends.last_year
),

final as (
    select
        {{ columns('reasoned', series) }},
        reasoned.first_year,
        reasoned.last_year as year,
        years.period_end,
        reasoned.year_count,
        reasoned.region_count,
        reasoned.region_count - 2 as degrees_of_freedom,
        reasoned.region_count >= {{ var("convergence_headline_regions") }} as is_headline,
        {{ computed(ratio('cast(reasoned.value_count as double)', 'reasoned.cell_count')) }}
            as coverage,
        reasoned.suppressed_share,
        {{ computed('reasoned.imputed_share') }} as imputed_share,
        reasoned.vintage_on,
        reasoned.is_illustrative,
        reasoned.correction,
        reasoned.cv_reason_code,
        case
            when reasoned.cv_reason_code is not null then reasoned.cv_reason_code
            when reasoned.has_zero then {{ reason('zero_input') }}
        end as logarithm_reason_code,
        reasoned.beta_reason_code,
        case
            when reasoned.beta_reason_code is not null then reasoned.beta_reason_code
            when reasoned.speed is null then {{ reason('not_defined') }}
        end as speed_reason_code,
        case
            when reasoned.beta_reason_code is not null then reasoned.beta_reason_code
            when reasoned.speed is null then {{ reason('not_defined') }}
            when reasoned.speed <= 0 then {{ reason('no_convergence') }}
        end as half_life_reason_code,
        {{ computed('reasoned.cv_slope') }} as cv_slope,
        {{ computed('reasoned.logarithm_slope') }} as logarithm_slope,
        {{ computed('reasoned.beta') }} as beta,
        {{ computed('reasoned.speed') }} as speed,
        {{ computed(half_life('reasoned.speed')) }} as half_life_years
    from reasoned
    inner join years
        on {{ same('reasoned', 'years', series) }}
        and reasoned.last_year = years.year
)

select * from final
