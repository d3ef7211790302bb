{% set key = ['contract_id', 'cluster_id', 'is_illustrative', 'period_start', 'period_end'] %}

with clock as (
    select cast(said.built_at as date) as today
    from {{ source('staged', 'build') }} as said
),

forms as (
    select
        contract.contract_id,
        contract.dataset_code as form_code,
        contract.due_after_days,
        contract.respondent_statuses,
        case contract.cadence_code when 'half_yearly' then 6 else 12 end as month_count
    from {{ ref('stg_contract') }} as contract
    where len(contract.respondent_statuses) > 0
),

-- every file that was told to be a form of a cluster, with what became of it
arrivals as (
    select
        submission.contract_id,
        submission.cluster_id,
        submission.is_illustrative,
        submission.report_start as period_start,
        submission.report_end as period_end,
        {{ country_of_cluster('submission.cluster_id') }} as country_code,
        file.outcome_code,
        file.file_id,
        file.file_name,
        submission.received_at,
        row_number() over (
            partition by
                submission.contract_id,
                submission.cluster_id,
                submission.is_illustrative,
                submission.report_start,
                submission.report_end
            order by submission.received_at desc, submission.file_id desc
        ) as place
    from {{ ref('stg_submission') }} as submission
    inner join {{ ref('dim_source_file') }} as file on submission.file_id = file.file_id
    where
        submission.cluster_id is not null
        and submission.report_end is not null
),

arrived as (
    select
        {{ columns('arrivals', key) }},
        count(*) as submission_count,
        min(arrivals.received_at) as first_received_at,
        min(arrivals.received_at) filter (
            where arrivals.outcome_code = 'accepted'
        ) as first_accepted_at,
        max(arrivals.received_at) as latest_received_at,
        max(arrivals.outcome_code) filter (where arrivals.place = 1) as latest_outcome_code,
        max(arrivals.file_id) filter (where arrivals.place = 1) as latest_file_id,
        max(arrivals.file_name) filter (where arrivals.place = 1) as latest_file_name
    from arrivals
    group by {{ columns('arrivals', key) }}
),

-- a form is in use in a country since the first period for which a report of it was accepted there,
-- or at least arrived
uses as (
    select
        arrivals.contract_id,
        arrivals.country_code,
        arrivals.is_illustrative,
        coalesce(
            min(arrivals.period_start) filter (where arrivals.outcome_code = 'accepted'),
            min(arrivals.period_start)
        ) as first_period_start
    from arrivals
    group by arrivals.contract_id, arrivals.country_code, arrivals.is_illustrative
),

starts as (
    select
        uses.contract_id,
        uses.country_code,
        uses.is_illustrative,
        forms.respondent_statuses,
        forms.month_count,
        clock.today,
        {{ each_step('uses.first_period_start', 'clock.today', 'forms.month_count') }}
            as period_start
    from uses
    inner join forms on uses.contract_id = forms.contract_id
    cross join clock
),

periods as (
    select
        starts.contract_id,
        starts.country_code,
        starts.is_illustrative,
        starts.respondent_statuses,
        starts.period_start,
        {{ end_of_period('starts.period_start', 'starts.month_count') }} as period_end
    from starts
    where {{ end_of_period('starts.period_start', 'starts.month_count') }} < starts.today
),

expected as (
    select
        periods.contract_id,
        status.cluster_id,
        periods.is_illustrative,
        periods.period_start,
        periods.period_end,
        status.status_code
    from periods
    inner join {{ ref('fct_cluster_status') }} as status
        on periods.country_code = status.country_code
        and periods.is_illustrative = status.is_illustrative
    where
        {{ holds_on('status', 'periods.period_end') }}
        and list_contains(periods.respondent_statuses, status.status_code)
),

keys as (
    select {{ columns('expected', key) }}
    from expected
    union
    select {{ columns('arrived', key) }}
    from arrived
),

dated as (
    select
        {{ columns('keys', key) }},
        forms.form_code,
        clock.today,
        expected.cluster_id is not null as is_expected,
        expected.status_code as cluster_status_code,
        keys.period_end + forms.due_after_days as due_on,
        cast(
            keys.period_end + to_months(forms.month_count) + to_days(forms.due_after_days) as date
        ) as next_due_on,
        coalesce(arrived.submission_count, 0) as submission_count,
        arrived.first_received_at,
        arrived.first_accepted_at,
        arrived.latest_received_at,
        arrived.latest_outcome_code,
        arrived.latest_file_id,
        arrived.latest_file_name
    from keys
    cross join clock
    inner join forms on keys.contract_id = forms.contract_id
    left join expected on {{ same('keys', 'expected', key) }}
    left join arrived on {{ same('keys', 'arrived', key) }}
),

final as (
    select
        {{ columns('dated', key) }},
        dated.form_code,
        {{ country_of_cluster('dated.cluster_id') }} as country_code,
        {{ name_of_period('dated.period_start', 'dated.period_end') }} as period_code,
        dated.is_expected,
        dated.cluster_status_code,
        dated.due_on,
        case
            when cast(dated.first_accepted_at as date) <= dated.due_on then 'accepted'
            when dated.first_accepted_at is not null then 'accepted_late'
            when dated.latest_outcome_code = 'quarantined' then 'quarantined'
            when dated.submission_count > 0 then 'refused'
            when dated.today <= dated.due_on then 'not_due'
            when dated.today <= dated.next_due_on then 'late'
            else 'missing'
        end as status_code,
        cast(
            greatest(
                coalesce(cast(dated.first_accepted_at as date), dated.today) - dated.due_on, 0
            ) as integer
        ) as days_late,
        cast(dated.submission_count as integer) as submission_count,
        dated.first_received_at,
        dated.first_accepted_at,
        dated.latest_received_at,
        dated.latest_outcome_code,
        dated.latest_file_name,
        dated.latest_file_id
    from dated
)

select * from final
