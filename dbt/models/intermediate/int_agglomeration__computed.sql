{% set panel = [
    'base_indicator_code', 'activity_classifier', 'country_code', 'region_level', 'peer_group',
    'year', 'period_end', 'unit_code', 'method_version',
] %}

with plants as (
    select
        {{ columns('plant', panel) }},
        plant.group_code,
        plant.activity_code,
        plant.region_code,
        plant.plant_code,
        plant.value,
        plant.region_total,
        plant.is_illustrative,
        plant.correction
    from {{ ref('int_agglomeration__input') }} as plant
),

-- every region counts, also one without a plant of the activity
regions as (
    select
        {{ columns('plants', panel) }},
        plants.region_code,
        max(plants.region_total) as region_total,
        min(plants.region_total) < max(plants.region_total) as is_contradictory,
        count(plants.region_total) < count(*) as is_incomplete
    from plants
    where plants.value is not null or plants.region_total is not null
    group by {{ columns('plants', panel) }}, plants.region_code
),

totals as (
    select
        {{ columns('regions', panel) }},
        count(*) as region_count,
        min(regions.region_total) as lowest,
        {{ ordered_sum('regions.region_total', 'regions.region_code') }} as value,
        {{ any_true('regions.is_contradictory') }} as is_contradictory,
        {{ any_true('regions.is_incomplete') }} as is_incomplete
    from regions
    group by {{ columns('regions', panel) }}
),

weights as (
    select
        {{ columns('regions', panel) }},
        regions.region_code,
        {{ ratio('regions.region_total', 'totals.value') }} as base_share
    from regions
    inner join totals on {{ same('regions', 'totals', panel) }}
),

weight_sums as (
    select
        {{ columns('weights', panel) }},
        {{ power_sum('weights.base_share', 2, 'weights.region_code') }} as w2,
        {{ power_sum('weights.base_share', 3, 'weights.region_code') }} as w3
    from weights
    group by {{ columns('weights', panel) }}
),

activities as (
    select
        {{ columns('plants', panel) }},
        plants.group_code,
        plants.activity_code,
        count(case when plants.value > 0 then 1 end) as plant_count,
        count(plants.value) as known_count,
        count(*) as row_count,
        count(plants.value) < count(*) as has_missing,
        min(plants.value) as lowest,
        {{ ordered_sum('plants.value', 'plants.region_code, plants.plant_code, plants.value') }}
            as value,
        {{ any_true('plants.is_illustrative') }} as is_illustrative,
        max(plants.correction) as correction
    from plants
    group by {{ columns('plants', panel) }}, plants.group_code, plants.activity_code
),

sizes as (
    select
        {{ columns('plants', panel) }},
        plants.activity_code,
        {{ power_sum(
            ratio('plants.value', 'activities.value'), 2,
            'plants.region_code, plants.plant_code, plants.value',
        ) }} as h,
        {{ power_sum(
            ratio('plants.value', 'activities.value'), 4,
            'plants.region_code, plants.plant_code, plants.value',
        ) }} as z4
    from plants
    inner join activities
        on {{ same('plants', 'activities', panel) }}
        and plants.activity_code = activities.activity_code
    group by {{ columns('plants', panel) }}, plants.activity_code
),

cell_values as (
    select
        {{ columns('plants', panel) }},
        plants.activity_code,
        plants.region_code,
        {{ ordered_sum('plants.value', 'plants.plant_code, plants.value') }} as value
    from plants
    group by {{ columns('plants', panel) }}, plants.activity_code, plants.region_code
),

cells as (
    select
        {{ columns('activities', panel) }},
        activities.group_code,
        activities.activity_code,
        weights.region_code,
        weights.base_share,
        coalesce(cell_values.value, 0) as value,
        {{ ratio('coalesce(cell_values.value, 0)', 'activities.value') }} as share
    from activities
    inner join weights on {{ same('activities', 'weights', panel) }}
    left join cell_values
        on {{ same('weights', 'cell_values', panel) }}
        and activities.activity_code = cell_values.activity_code
        and weights.region_code = cell_values.region_code
),

raw_of_activities as (
    select
        {{ columns('cells', panel) }},
        cells.group_code,
        cells.activity_code,
        {{ raw_concentration('cells.share', 'cells.base_share', 'cells.region_code') }} as g
    from cells
    group by {{ columns('cells', panel) }}, cells.group_code, cells.activity_code
),

-- a group as one activity
groups as (
    select
        {{ columns('activities', panel) }},
        activities.group_code,
        count(*) as activity_count,
        sum(activities.plant_count) as plant_count,
        min(activities.plant_count) as fewest_plants,
        sum(activities.known_count) as known_count,
        sum(activities.row_count) as row_count,
        {{ any_true('activities.has_missing') }} as has_missing,
        min(activities.lowest) as lowest,
        min(activities.value) as smallest,
        {{ ordered_sum('activities.value', 'activities.activity_code') }} as value,
        {{ any_true('activities.is_illustrative') }} as is_illustrative,
        max(activities.correction) as correction
    from activities
    group by {{ columns('activities', panel) }}, activities.group_code
),

group_cells as (
    select
        {{ columns('cells', panel) }},
        cells.group_code,
        cells.region_code,
        max(cells.base_share) as base_share,
        {{ ordered_sum('cells.value', 'cells.activity_code') }} as value
    from cells
    group by {{ columns('cells', panel) }}, cells.group_code, cells.region_code
),

raw_of_groups as (
    select
        {{ columns('group_cells', panel) }},
        group_cells.group_code,
        {{ raw_concentration(
            ratio('group_cells.value', 'groups.value'),
            'group_cells.base_share',
            'group_cells.region_code',
        ) }} as g
    from group_cells
    inner join groups
        on {{ same('group_cells', 'groups', panel) }}
        and group_cells.group_code = groups.group_code
    group by {{ columns('group_cells', panel) }}, group_cells.group_code
),

weighted_of_groups as (
    select
        {{ columns('activities', panel) }},
        activities.group_code,
        {{ power_sum(
            ratio('activities.value', 'groups.value'), 2, 'activities.activity_code',
        ) }} as weight_sum,
        {{ ordered_sum(
            'power(' ~ ratio('activities.value', 'groups.value')
            ~ ', 2) * raw_of_activities.g',
            'activities.activity_code',
        ) }} as weighted_g
    from activities
    inner join groups
        on {{ same('activities', 'groups', panel) }}
        and activities.group_code = groups.group_code
    inner join raw_of_activities
        on {{ same('activities', 'raw_of_activities', panel) }}
        and activities.activity_code = raw_of_activities.activity_code
    group by {{ columns('activities', panel) }}, activities.group_code
),

united as (
    select
        {{ columns('activities', panel) }},
        'activity' as figure_kind,
        activities.activity_code,
        cast(1 as bigint) as activity_count,
        activities.plant_count,
        activities.plant_count as fewest_plants,
        activities.known_count,
        activities.row_count,
        activities.has_missing,
        activities.lowest,
        activities.value as smallest,
        activities.is_illustrative,
        activities.correction,
        raw_of_activities.g,
        sizes.h,
        sizes.z4,
        cast(null as double) as weighted_g,
        cast(null as double) as weight_sum
    from activities
    inner join sizes
        on {{ same('activities', 'sizes', panel) }}
        and activities.activity_code = sizes.activity_code
    left join raw_of_activities
        on {{ same('activities', 'raw_of_activities', panel) }}
        and activities.activity_code = raw_of_activities.activity_code
    union all
    select
        {{ columns('groups', panel) }},
        'group' as figure_kind,
        groups.group_code as activity_code,
        groups.activity_count,
        groups.plant_count,
        groups.fewest_plants,
        groups.known_count,
        groups.row_count,
        groups.has_missing,
        groups.lowest,
        groups.smallest,
        groups.is_illustrative,
        groups.correction,
        raw_of_groups.g,
        cast(null as double) as h,
        cast(null as double) as z4,
        weighted_of_groups.weighted_g,
        weighted_of_groups.weight_sum
    from groups
    left join raw_of_groups
        on {{ same('groups', 'raw_of_groups', panel) }}
        and groups.group_code = raw_of_groups.group_code
    left join weighted_of_groups
        on {{ same('groups', 'weighted_of_groups', panel) }}
        and groups.group_code = weighted_of_groups.group_code
),

explained as (
    select
        {{ columns('united', panel) }},
        united.figure_kind,
        united.activity_code,
        united.plant_count,
        totals.region_count,
        {{ computed(ratio('cast(united.known_count as double)', 'united.row_count')) }} as coverage,
        united.is_illustrative,
        united.correction,
        {{ computed(ellison_glaeser('united.g', 'united.h', 'weight_sums.w2')) }} as gamma,
        {{ computed(ellison_glaeser_z(
            'united.g', 'united.h', 'weight_sums.w2',
            '(' ~ ellison_glaeser_variance(
                'united.h', 'united.z4', 'weight_sums.w2', 'weight_sums.w3'
            ) ~ ')',
        )) }} as z,
        {{ computed(coagglomeration(
            'united.g', 'united.weighted_g', 'weight_sums.w2', 'united.weight_sum'
        )) }} as coagglomeration,
        {{ first_reason([
            [is_pending('united.correction'), reason('correction_pending')],
            ["united.has_missing", reason('missing_input')],
            ["totals.is_incomplete", reason('incomplete_coverage')],
            ["totals.is_contradictory", reason('contradictory_input')],
            ["united.lowest < 0 or totals.lowest < 0", reason('negative_input')],
            ["totals.value = 0 or united.smallest = 0", reason('zero_denominator')],
            ["totals.region_count < 2", reason('too_few_regions')],
            ["united.fewest_plants < " ~ var('minimum_plants'), reason('confidential_input')],
        ]) }} as reason_code
    from united
    left join totals on {{ same('united', 'totals', panel) }}
    left join weight_sums on {{ same('united', 'weight_sums', panel) }}
),

final as (
    select
        {{ columns('explained', panel) }},
        explained.figure_kind,
        explained.activity_code,
        explained.plant_count,
        explained.region_count,
        explained.coverage,
        explained.is_illustrative,
        {% for column in ['gamma', 'z', 'coagglomeration'] %}
        case when explained.reason_code is null then explained.{{ column }} end as {{ column }},
        case
            when explained.reason_code is not null then explained.reason_code
            when explained.{{ column }} is null then {{ reason('zero_denominator') }}
        end as {{ column }}_reason_code,
        {% endfor %}
        explained.correction
    from explained
)

select * from final
