{# what is taken of a cluster: component, quantity, model, its columns #}
{% set cluster_columns = [
    (
        'exports', 'share_of_sales', 'mart_cluster_year', 'export_share_pct',
        'export_share_pct_reason_code',
    ),
    (
        'innovative_output', 'share_of_output', 'mart_cluster_year', 'innovative_share_pct',
        'innovative_share_pct_reason_code',
    ),
    (
        'rd_spend', 'share_of_value_added', 'mart_cluster_year', 'rd_intensity_pct',
        'rd_intensity_pct_reason_code',
    ),
    (
        'NET_CONTR', 'as_computed', 'mart_cluster_network_year', 'contracts_per_member',
        'contracts_per_member_reason_code',
    ),
    (
        'NET_INTRA', 'as_computed', 'mart_cluster_network_year', 'intra_sales_pct',
        'intra_sales_reason_code',
    ),
] %}
{% set result = [
    'index_code', 'index_version', 'country_code', 'region_level', 'peer_group', 'year',
    'period_end', 'region_code', 'cluster_code', 'component_code', 'quantity_kind', 'direction',
    'weight', 'value', 'goalpost_low', 'goalpost_high', 'base_year', 'reason_code',
    'is_illustrative', 'correction', 'imputed_part', 'suppressed_part', 'vintage_on',
] %}

with components as (
    select
        component.index_code,
        component.index_version,
        definition.subject_kind,
        definition.base_year,
        component.component_code,
        component.quantity_kind,
        component.direction,
        component.weight,
        component.goalpost_low,
        component.goalpost_high
    from {{ ref('index_components') }} as component
    inner join {{ ref('indexes') }} as definition
        on component.index_code = definition.index_code
        and component.index_version = definition.index_version
),

-- years in which at least one component of the index is known in a country at a level
panels as (
    select distinct
        components.index_code,
        components.index_version,
        region.country_code,
        region.region_level,
        region.peer_group,
        region.year
    from components
    inner join {{ ref('int_disparity__input') }} as region
        on components.component_code = region.indicator_code
    where
        components.subject_kind = 'region'
        and region.weighting = 'equal'
        and region.value is not null
),

last_days as (
    select
        region.country_code,
        region.peer_group,
        region.year,
        max(region.period_end) as period_end
    from {{ ref('int_disparity__input') }} as region
    group by region.country_code, region.peer_group, region.year
),

-- every region that should be there, with every component of the index
cells as (
    select
        components.*,
        panels.country_code,
        panels.region_level,
        panels.peer_group,
        panels.year,
        last_days.period_end,
        expected.region_code
    from panels
    inner join components
        on panels.index_code = components.index_code
        and panels.index_version = components.index_version
    inner join last_days
        on panels.country_code = last_days.country_code
        and panels.peer_group = last_days.peer_group
        and panels.year = last_days.year
    inner join {{ ref('int_region__expected') }} as expected
        on last_days.country_code = expected.country_code
        and last_days.peer_group = expected.peer_group
        and last_days.period_end = expected.period_end
),

of_regions as (
    select
        cells.*,
        '{{ var("not_applicable_code") }}' as cluster_code,
        {{ ratio('region.value', 'panel.mean_value') }} as value,
        {{ first_reason([
            ["region.region_code is null", reason('missing_input')],
            [is_pending("panel.correction"), reason('correction_pending')],
            ["region.suppressed_part > 0", reason('confidential_input')],
            ["region.value is null", reason('missing_input')],
            ["panel.reason_code is not null", "panel.reason_code"],
        ]) }} as reason_code,
        coalesce(panel.is_illustrative, false) as is_illustrative,
        panel.correction,
        region.imputed_part,
        coalesce(region.suppressed_part, 0) as suppressed_part,
        panel.vintage_on
    from cells
    left join {{ ref('int_disparity__input') }} as region
        on cells.component_code = region.indicator_code
        and region.quantity_kind = case
            when cells.quantity_kind = 'per_head_of_peer_mean' then 'per_head' else 'as_printed'
        end
        and region.weighting = 'equal'
        and cells.peer_group = region.peer_group
        and cells.region_code = region.region_code
        and cells.year = region.year
    left join {{ ref('int_disparity__computed') }} as panel
        on region.indicator_code = panel.indicator_code
        and region.quantity_kind = panel.quantity_kind
        and region.weighting = panel.weighting
        and region.country_code = panel.country_code
        and region.peer_group = panel.peer_group
        and region.year = panel.year
        and region.unit_code = panel.unit_code
        and region.method_version = panel.method_version
),

cluster_values as (
    {% for component, quantity, model, column, reason_column in cluster_columns %}
    select
        cluster.cluster_id,
        cluster.is_illustrative,
        cluster.year,
        '{{ component }}' as component_code,
        '{{ quantity }}' as quantity_kind,
        cluster.{{ column }} as value,
        cluster.{{ reason_column }} as reason_code
    from {{ ref(model) }} as cluster
    {% if not loop.last %}
    union all
    {% endif %}
    {% endfor %}
),

-- clusters of a year at their home; where reports of both kinds exist, the published ones
cluster_years as (
    select
        cluster.cluster_id,
        cluster.is_illustrative,
        cluster.year,
        cluster.country_code,
        coalesce(cluster.home_region_code, cluster.country_code) as region_code,
        row_number() over (
            partition by cluster.cluster_id, cluster.year
            order by cluster.is_illustrative
        ) as place
    from {{ ref('mart_cluster_year') }} as cluster
    where cluster.reason_code is distinct from {{ reason('not_applicable') }}
),

of_clusters as (
    select
        components.*,
        cluster_years.country_code,
        region.region_level,
        'clusters' as peer_group,
        cluster_years.year,
        cast(cluster_years.year || '-12-31' as date) as period_end,
        cluster_years.region_code,
        cluster_years.cluster_id as cluster_code,
        cluster_values.value,
        case
            when cluster_values.value is null
                then coalesce(cluster_values.reason_code, {{ reason('missing_input') }})
        end as reason_code,
        cluster_years.is_illustrative,
        cast(null as varchar) as correction,
        cast(null as double) as imputed_part,
        cast(0 as double) as suppressed_part,
        cast(null as date) as vintage_on
    from cluster_years
    inner join components on components.subject_kind = 'cluster'
    inner join {{ ref('regions') }} as region on cluster_years.region_code = region.region_code
    left join cluster_values
        on cluster_years.cluster_id = cluster_values.cluster_id
        and cluster_years.is_illustrative = cluster_values.is_illustrative
        and cluster_years.year = cluster_values.year
        and components.component_code = cluster_values.component_code
        and components.quantity_kind = cluster_values.quantity_kind
    where cluster_years.place = 1
),

final as (
    select {{ columns('of_regions', result) }}
    from of_regions
    union all
    select {{ columns('of_clusters', result) }}
    from of_clusters
)

select * from final
