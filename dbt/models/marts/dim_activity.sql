with classified as (
    select
        activity.classifier_code as activity_classifier,
        activity.activity_code,
        cast(activity.parent_code as varchar) as parent_code,
        cast(activity.activity_level as integer) as activity_level,
        activity.name_ru,
        activity.name_en,
        cast(activity.valid_from as date) as valid_from,
        cast(activity.valid_to as date) as valid_to
    from {{ ref('activities') }} as activity
),

-- what every classifier's total stands for, and what figures without an activity mean
whole_economy as (
    select
        '{{ var("not_applicable_code") }}' as activity_classifier,
        '{{ var("total_code") }}' as activity_code,
        cast(null as varchar) as parent_code,
        0 as activity_level,
        'Всего по видам экономической деятельности' as name_ru,
        'All economic activities' as name_en,
        cast(null as date) as valid_from,
        cast(null as date) as valid_to
),

final as (
    select
        classified.activity_classifier,
        classified.activity_code,
        classified.parent_code,
        classified.activity_level,
        classified.name_ru,
        classified.name_en,
        classified.valid_from,
        classified.valid_to
    from classified
    union all
    select
        whole_economy.activity_classifier,
        whole_economy.activity_code,
        whole_economy.parent_code,
        whole_economy.activity_level,
        whole_economy.name_ru,
        whole_economy.name_en,
        whole_economy.valid_from,
        whole_economy.valid_to
    from whole_economy
)

select * from final
