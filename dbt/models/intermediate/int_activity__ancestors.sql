with recursive ancestors as (
    select
        activity.classifier_code,
        activity.activity_code,
        activity.parent_code as ancestor_code
    from {{ ref('activities') }} as activity
    where activity.parent_code is not null
    union
    select
        ancestors.classifier_code,
        ancestors.activity_code,
        parent.parent_code as ancestor_code
    from ancestors
    inner join {{ ref('activities') }} as parent
        on ancestors.classifier_code = parent.classifier_code
        and ancestors.ancestor_code = parent.activity_code
    where parent.parent_code is not null
),

final as (
    select
        ancestors.classifier_code,
        ancestors.activity_code,
        ancestors.ancestor_code,
        ancestor.activity_level = 0 as is_total
    from ancestors
    inner join {{ ref('activities') }} as ancestor
        on ancestors.classifier_code = ancestor.classifier_code
        and ancestors.ancestor_code = ancestor.activity_code
)

select * from final
