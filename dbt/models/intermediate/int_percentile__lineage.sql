{{ config(materialized='view') }}

{% set key = figure_key() %}

with figures as (
    select
        {{ columns('figure', key) }},
        figure.country_code,
        figure.peer_group
    from {{ ref('mart_indicator') }} as figure
    where figure.indicator_code = 'RNK_PCTL'
),

final as (
    select
        {{ columns('figures', key) }},
        case when figures.region_code = place.region_code then 'value' else 'peer' end
            as role_code,
        yearly.observation_id
    from figures
    inner join {{ ref('int_percentile__computed') }} as place
        on figures.base_indicator_code = place.indicator_code
        and figures.country_code = place.country_code
        and figures.peer_group = place.peer_group
        and figures.year = place.year
        and figures.method_version = {{ percentile_method('place') }}
    inner join {{ ref('int_observation__yearly') }} as yearly
        on place.indicator_code = yearly.indicator_code
        and place.region_code = yearly.region_code
        and place.year = yearly.year
        and place.unit_code = yearly.unit_code
        and place.method_version = yearly.method_version
        and yearly.activity_code = '{{ var("total_code") }}'
)

select * from final
