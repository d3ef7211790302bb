{% set key = ['category_code', 'is_illustrative'] %}

with named as (
    select
        {{ columns('definition', key) }},
        definition.category_name,
        row_number() over (
            partition by {{ columns('definition', key) }}
            order by {{ latest_report_first('definition') }}
        ) as place
    from {{ current_rows(ref('stg_category_activity'), [
        'category_code', 'activity_classifier', 'activity_code',
    ]) }} as definition
),

activities as (
    select
        {{ columns('activity', key) }},
        min(activity.sector_code) as sector_code,
        count(*) as activity_count,
        count(distinct activity.subcategory_name) as subcategory_count,
        count(distinct activity.activity_classifier) as classifier_count
    from {{ ref('dim_category_activity') }} as activity
    group by {{ columns('activity', key) }}
),

final as (
    select
        {{ columns('named', key) }},
        named.category_name,
        activities.sector_code,
        cast(coalesce(activities.activity_count, 0) as integer) as activity_count,
        cast(coalesce(activities.subcategory_count, 0) as integer) as subcategory_count,
        cast(coalesce(activities.classifier_count, 0) as integer) as classifier_count
    from named
    left join activities on {{ same('named', 'activities', key) }}
    where named.place = 1
)

select * from final
