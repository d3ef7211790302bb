{{ config(materialized='view') }}

{% set key = figure_key() %}
{% set panel = [
    'indicator_code', 'quantity_kind', 'weighting', 'country_code', 'peer_group', 'unit_code',
    'method_version',
] %}

with figures as (
    select
        {{ columns('figure', key) }},
        {{ method_before('figure.method_version', 'form') }} as panel_method
    from {{ ref('mart_indicator') }} as figure
    where figure.indicator_code in ('CNV_SIGMA', 'CNV_BETA')
),

-- a trend takes every year of its span, growth only the first and the last
members as (
    select
        {{ columns('figures', key) }},
        region.quantity_kind,
        region.indicator_code as measure_code,
        region.unit_code as measure_unit_code,
        region.method_version as measure_method,
        region.region_code as member_code,
        region.year as member_year
    from figures
    inner join {{ ref('int_convergence__computed') }} as trend
        on figures.base_indicator_code = trend.indicator_code
        and figures.region_code = trend.country_code
        and figures.year = trend.year
        and figures.panel_method = {{ disparity_method('trend') }} || ';from=' || trend.first_year
    inner join {{ ref('int_disparity__input') }} as region
        on {{ same('trend', 'region', panel) }}
        and trend.first_year <= region.year
        and trend.year >= region.year
        and (
            figures.indicator_code = 'CNV_SIGMA'
            or trend.first_year = region.year
            or trend.year = region.year
        )
),

final as (
    select
        {{ columns('members', key) }},
        'member' as role_code,
        yearly.observation_id
    from members
    inner join {{ ref('int_observation__yearly') }} as yearly
        on members.measure_code = yearly.indicator_code
        and members.measure_unit_code = yearly.unit_code
        and members.measure_method = yearly.method_version
        and members.member_code = yearly.region_code
        and members.member_year = yearly.year
        and yearly.activity_code = '{{ var("total_code") }}'
    union all
    select
        {{ columns('members', key) }},
        'population' as role_code,
        yearly.observation_id
    from members
    inner join {{ ref('int_observation__yearly') }} as yearly
        on members.member_code = yearly.region_code
        and members.member_year = yearly.year
        and yearly.indicator_code = '{{ var("population_indicator") }}'
        and yearly.activity_code = '{{ var("total_code") }}'
        and yearly.is_primary
    where members.quantity_kind = 'per_head'
)

select * from final
