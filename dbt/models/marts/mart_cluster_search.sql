{{ config(post_hook=["{{ create_find() }}", "{{ comment_on_find() }}"]) }}

{% set world = ['cluster_id', 'is_illustrative'] %}

-- clusters as they are on the day of the build
with today as (
    select cast(said.built_at as date) as today
    from {{ source('staged', 'build') }} as said
),

clusters as (
    select
        {{ columns('cluster', world) }},
        cluster.country_code,
        cluster.name_ru,
        cluster.name_en,
        cluster.home_region_code,
        cluster.further_region_codes,
        cluster.activity_classifier,
        cluster.activity_codes,
        cluster.category_code,
        cluster.kind_code,
        cluster.website
    from {{ ref('dim_cluster') }} as cluster
    where cluster.is_current
),

statuses as (
    select
        {{ columns('status', world) }},
        status.status_code
    from {{ ref('fct_cluster_status') }} as status
    cross join today
    where {{ holds_on('status', 'today.today') }}
),

-- a cluster is in its regions and in all that contain them
own_regions as (
    select
        {{ columns('clusters', world) }},
        clusters.home_region_code as region_code
    from clusters
    union
    select
        {{ columns('clusters', world) }},
        {{ each_item('clusters.further_region_codes') }} as region_code
    from clusters
),

region_names as (
    select distinct
        {{ columns('own_regions', world) }},
        region.region_code,
        concat_ws(' ', region.name_ru, region.name_en, region.name_be, region.name_kk) as names
    from own_regions
    inner join {{ ref('int_region__within') }} as within
        on own_regions.region_code = within.region_code
    inner join {{ ref('dim_region') }} as region on within.container_code = region.region_code
),

regions as (
    select
        {{ columns('region_names', world) }},
        {{ sorted_codes('region_names.region_code') }} as region_codes,
        {{ joined_text('region_names.names', 'region_names.region_code', ' ') }} as names
    from region_names
    group by {{ columns('region_names', world) }}
),

own_activities as (
    select
        {{ columns('clusters', world) }},
        clusters.activity_classifier,
        {{ each_item('clusters.activity_codes') }} as activity_code
    from clusters
),

-- and in its activities and in all that contain them
wider_activities as (
    select
        {{ columns('own_activities', world) }},
        own_activities.activity_classifier,
        own_activities.activity_code
    from own_activities
    union
    select
        {{ columns('own_activities', world) }},
        own_activities.activity_classifier,
        ancestor.ancestor_code as activity_code
    from own_activities
    inner join {{ ref('int_activity__ancestors') }} as ancestor
        on own_activities.activity_classifier = ancestor.classifier_code
        and own_activities.activity_code = ancestor.activity_code
        and not ancestor.is_total
),

activities as (
    select
        {{ columns('wider_activities', world) }},
        {{ sorted_codes('wider_activities.activity_code') }} as activity_codes,
        {{ joined_text(
            "concat_ws(' ', activity.name_ru, activity.name_en)",
            'wider_activities.activity_code',
            ' '
        ) }} as names
    from wider_activities
    left join {{ ref('dim_activity') }} as activity
        on wider_activities.activity_classifier = activity.activity_classifier
        and wider_activities.activity_code = activity.activity_code
    group by {{ columns('wider_activities', world) }}
),

axes as (
    select
        {{ columns('classification', world) }},
        {{ sorted_codes('classification.value_code') }} as value_codes,
        {{ joined_text(
            "concat_ws(' ', axis_value.name_ru, axis_value.name_en)",
            'classification.value_code',
            ' '
        ) }} as names
    from {{ ref('fct_cluster_classification') }} as classification
    cross join today
    left join {{ ref('dimension_values') }} as axis_value
        on classification.value_code = axis_value.value_code
        and axis_value.dimension_code = 'cluster_axis_value'
    where {{ holds_on('classification', 'today.today') }}
    group by {{ columns('classification', world) }}
),

member_texts as (
    select distinct
        {{ columns('membership', world) }},
        membership.organisation_id,
        {{ folded(
            "concat_ws(' ', membership.organisation_id, organisation.name, "
            ~ "array_to_string(organisation.names, ' '))"
        ) }} as member_text
    from {{ ref('fct_membership') }} as membership
    cross join today
    left join {{ ref('dim_organisation') }} as organisation
        on membership.organisation_id = organisation.organisation_id
        and membership.is_illustrative = organisation.is_illustrative
        and organisation.is_current
    where {{ holds_on('membership', 'today.today') }}
),

members as (
    select
        {{ columns('member_texts', world) }},
        count(*) as member_count,
        {{ sorted_codes('member_texts.member_text') }} as member_texts
    from member_texts
    group by {{ columns('member_texts', world) }}
),

categories as (
    select
        category.category_code,
        min(category.category_name) as category_name
    from {{ ref('dim_cluster_category') }} as category
    group by category.category_code
),

final as (
    select
        {{ columns('clusters', world) }},
        clusters.country_code,
        clusters.name_ru,
        clusters.name_en,
        clusters.home_region_code,
        coalesce(regions.region_codes, {{ without_list() }}) as region_codes,
        statuses.status_code,
        clusters.kind_code,
        clusters.activity_classifier,
        coalesce(activities.activity_codes, {{ without_list() }}) as activity_codes,
        clusters.category_code,
        coalesce(axes.value_codes, {{ without_list() }}) as axis_value_codes,
        cast(coalesce(members.member_count, 0) as integer) as member_count,
        {{ folded(
            "concat_ws(' ', clusters.cluster_id, clusters.name_ru, clusters.name_en)"
        ) }} as name_text,
        {{ folded(
            "concat_ws(' ', regions.names, activities.names, axes.names, status.name_ru, "
            ~ "status.name_en, kind.name_ru, kind.name_en, categories.category_name, "
            ~ "clusters.website)"
        ) }} as about_text,
        coalesce(members.member_texts, {{ without_list() }}) as member_texts
    from clusters
    left join statuses on {{ same('clusters', 'statuses', world) }}
    left join regions on {{ same('clusters', 'regions', world) }}
    left join activities on {{ same('clusters', 'activities', world) }}
    left join axes on {{ same('clusters', 'axes', world) }}
    left join members on {{ same('clusters', 'members', world) }}
    left join {{ ref('dimension_values') }} as status
        on statuses.status_code = status.value_code
        and status.dimension_code = 'cluster_status'
    left join {{ ref('dimension_values') }} as kind
        on clusters.kind_code = kind.value_code
        and kind.dimension_code = 'cluster_kind'
    left join categories on clusters.category_code = categories.category_code
)

select * from final
