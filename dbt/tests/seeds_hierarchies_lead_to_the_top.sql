-- a parent stands above its children: a region strictly, an activity at its level or above
with steps as (
    select
        region.region_code as child_code,
        parent.region_code as parent_code
    from {{ ref('regions') }} as region
    inner join {{ ref('regions') }} as parent on region.parent_code = parent.region_code
    where parent.region_level >= region.region_level

    union all

    select
        activity.classifier_code || ' ' || activity.activity_code as child_code,
        parent.activity_code as parent_code
    from {{ ref('activities') }} as activity
    inner join {{ ref('activities') }} as parent
        on activity.classifier_code = parent.classifier_code
        and activity.parent_code = parent.activity_code
    where
        parent.activity_level > activity.activity_level
        or parent.activity_code = activity.activity_code
),

final as (
    select
        steps.child_code,
        steps.parent_code
    from steps
)

select * from final
