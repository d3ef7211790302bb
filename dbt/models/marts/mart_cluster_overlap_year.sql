{% set key = [
    'cluster_id', 'is_illustrative', 'year', 'region_code', 'activity_classifier', 'activity_code',
] %}

-- an activity belongs to itself and to all that contain it, short of the whole economy
with activities as (
    select
        activity.classifier_code as activity_classifier,
        activity.activity_code,
        activity.activity_code as container_code
    from {{ ref('activities') }} as activity
    where activity.activity_level > 0
    union
    select
        ancestor.classifier_code as activity_classifier,
        ancestor.activity_code,
        ancestor.ancestor_code as container_code
    from {{ ref('int_activity__ancestors') }} as ancestor
    where not ancestor.is_total
),

-- members by the place and the activity that their register entry names
places as (
    select
        member.cluster_id,
        member.is_illustrative,
        member.year,
        organisation.region_code,
        organisation.activity_classifier,
        organisation.activity_code,
        count(*) as member_count,
        count(case when measured.has_employees then 1 end) as reported_count,
        {{ exact_sum('measured.employees') }} as employees
    from {{ ref('int_member__yearly') }} as member
    inner join {{ ref('int_network__year') }} as years
        on member.cluster_id = years.cluster_id
        and member.is_illustrative = years.is_illustrative
        and member.year = years.year
    inner join {{ ref('dim_organisation') }} as organisation
        on member.organisation_id = organisation.organisation_id
        and member.is_illustrative = organisation.is_illustrative
        and {{ holds_on('organisation', 'make_date(member.year, 12, 31)') }}
    left join {{ ref('int_member__measured') }} as measured
        on member.cluster_id = measured.cluster_id
        and member.organisation_id = measured.organisation_id
        and member.is_illustrative = measured.is_illustrative
        and member.year = measured.year
    where member.is_at_end
    group by
        member.cluster_id,
        member.is_illustrative,
        member.year,
        organisation.region_code,
        organisation.activity_classifier,
        organisation.activity_code
),

sums as (
    select
        places.cluster_id,
        places.is_illustrative,
        places.year,
        region.region_code,
        activities.activity_classifier,
        activities.container_code as activity_code,
        cast(sum(places.member_count) as bigint) as member_count,
        cast(sum(places.reported_count) as bigint) as reported_count,
        coalesce({{ exact_sum('places.employees') }}, 0) as employees
    from places
    inner join {{ ref('int_region__within') }} as within
        on places.region_code = within.region_code
    inner join {{ ref('regions') }} as region
        on within.container_code = region.region_code
        and region.region_level > 0
    inner join activities
        on places.activity_classifier = activities.activity_classifier
        and places.activity_code = activities.activity_code
    group by
        places.cluster_id,
        places.is_illustrative,
        places.year,
        region.region_code,
        activities.activity_classifier,
        activities.container_code
),

-- the members of a place are only as many jobs as they are, when each of them has reported
stated as (
    select
        {{ columns('sums', key) }},
        sums.member_count,
        sums.reported_count,
        case when sums.reported_count = sums.member_count then sums.employees end
            as member_employees,
        {{ first_reason([
            ["sums.reported_count = 0", reason('missing_input')],
            ["sums.reported_count < sums.member_count", reason('incomplete_coverage')],
        ]) }} as member_employees_reason_code
    from sums
),

compared as (
    select
        {{ columns('stated', key) }},
        stated.member_count,
        stated.reported_count,
        stated.member_employees,
        stated.member_employees_reason_code,
        cell.base_indicator_code is not null as has_statistics,
        cell.value as regional_employment,
        {{ input_value('cell.value', 'cell.corrected_value', 'cell.correction_status') }}
            as input_value,
        cell.reason_code,
        cell.unit_code,
        {{ is_pending('cell.correction_status') }} as is_pending,
        cell.location_quotient,
        coalesce(cell.location_quotient_reason_code, {{ reason('missing_input') }})
            as quotient_reason_code,
        cell.is_illustrative as is_employment_illustrative,
        cell.is_location_quotient_illustrative,
        cell.observation_id
    from stated
    left join {{ ref('mart_region_activity_year') }} as cell
        on stated.region_code = cell.region_code
        and stated.activity_classifier = cell.activity_classifier
        and stated.activity_code = cell.activity_code
        and stated.year = cell.year
        and cell.base_indicator_code = {{ code('indicator', 'employment') }}
),

explained as (
    select
        compared.*,
        {{ first_reason([
            ["compared.member_employees is null", "compared.member_employees_reason_code"],
            ["not compared.has_statistics", reason('missing_input')],
            ["compared.is_pending", reason('correction_pending')],
            ["compared.input_value is null", "compared.reason_code"],
            ["compared.input_value < 0", reason('negative_input')],
            ["compared.input_value = 0", reason('zero_denominator')],
            ["compared.unit_code <> " ~ code('unit', 'persons'), reason('unit_break')],
        ]) }} as overlap_reason_code
    from compared
),

final as (
    select
        {{ columns('explained', key) }},
        cast(explained.member_count as integer) as member_count,
        cast(explained.reported_count as integer) as reported_count,
        explained.member_employees,
        explained.member_employees_reason_code,
        explained.regional_employment,
        case
            when explained.regional_employment is null
                then coalesce(explained.reason_code, {{ reason('missing_input') }})
        end as regional_employment_reason_code,
        explained.is_employment_illustrative,
        case when explained.overlap_reason_code is null then {{ computed(
            '100 * ' ~ ratio('explained.member_employees', 'explained.input_value')
        ) }} end as overlap_pct,
        explained.overlap_reason_code,
        explained.location_quotient,
        case
            when explained.location_quotient is null then explained.quotient_reason_code
        end as location_quotient_reason_code,
        explained.is_location_quotient_illustrative,
        explained.observation_id
    from explained
)

select * from final
