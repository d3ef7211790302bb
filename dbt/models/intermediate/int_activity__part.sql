{% set series = [
    'indicator_code', 'activity_classifier', 'country_code', 'period_end', 'unit_code',
    'method_version',
] %}

with printed_activities as (
    select distinct
        {{ columns('yearly', series) }},
        yearly.activity_code
    from {{ ref('int_observation__yearly') }} as yearly
    inner join {{ ref('indicators') }} as indicator
        on yearly.indicator_code = indicator.indicator_code
    inner join {{ ref('activities') }} as activity
        on yearly.activity_classifier = activity.classifier_code
        and yearly.activity_code = activity.activity_code
    where
        yearly.is_primary
        and indicator.is_additive
        and (yearly.is_peer or yearly.region_level = 0)
),

nested as (
    select distinct
        {{ columns('printed_activities', series) }},
        printed_activities.activity_code
    from printed_activities
    inner join {{ ref('int_activity__ancestors') }} as ancestor
        on printed_activities.activity_classifier = ancestor.classifier_code
        and printed_activities.activity_code = ancestor.activity_code
    inner join printed_activities as printed_ancestors
        on {{ same('printed_activities', 'printed_ancestors', series) }}
        and ancestor.ancestor_code = printed_ancestors.activity_code
),

-- the parts of a whole: what a series prints, without what is already in another of its lines,
-- and without groupings that cut across the classifier
final as (
    select
        {{ columns('printed_activities', series) }},
        printed_activities.activity_code
    from printed_activities
    inner join {{ ref('int_activity__ancestors') }} as ancestor
        on printed_activities.activity_classifier = ancestor.classifier_code
        and printed_activities.activity_code = ancestor.activity_code
        and ancestor.is_total
    left join nested
        on {{ same('printed_activities', 'nested', series) }}
        and printed_activities.activity_code = nested.activity_code
    where nested.activity_code is null
)

select * from final
