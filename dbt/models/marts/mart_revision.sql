{{ config(post_hook=["{{ create_as_of() }}", "{{ comment_on_as_of() }}"]) }}

{% set key = [
    'contract_id', 'indicator_code', 'region_code', 'activity_classifier', 'activity_code',
    'breakdown_key', 'period_start', 'period_end', 'unit_code', 'price_base',
] %}

-- figures that came more than once from the same source: of each file the cell that leads
with restated as (
    select
        {{ columns('vintage', key) }},
        {{ method_version('vintage') }} as method_version,
        vintage.observation_id,
        vintage.file_id,
        vintage.value,
        vintage.obs_status,
        vintage.reason_code,
        vintage.is_illustrative,
        vintage.released_on,
        vintage.received_at,
        vintage.known_on,
        vintage.vintage_number,
        row_number() over (
            partition by {{ columns('vintage', key) }}, vintage.file_id
            order by vintage.vintage_number
        ) as place_in_file
    from {{ ref('int_observation__vintage') }} as vintage
    where vintage.vintage_count > 1
),

-- each vintage beside the one that it replaced
paired as (
    select
        {{ columns('restated', key) }},
        restated.method_version,
        restated.vintage_number = 1 as is_latest,
        restated.observation_id,
        restated.file_id,
        restated.value,
        restated.obs_status,
        restated.reason_code,
        restated.is_illustrative,
        restated.released_on,
        restated.received_at,
        row_number() over in_series as place,
        lag(restated.observation_id) over in_series as old_observation_id,
        lag(restated.file_id) over in_series as old_file_id,
        lag(restated.value) over in_series as old_value,
        lag(restated.obs_status) over in_series as old_obs_status,
        lag(restated.reason_code) over in_series as old_reason_code,
        lag(restated.released_on) over in_series as old_released_on,
        lag(restated.received_at) over in_series as old_received_at
    from restated
    where restated.place_in_file = 1
    window in_series as (
        partition by {{ columns('restated', key) }}
        order by restated.vintage_number desc
    )
),

final as (
    select
        paired.observation_id as new_observation_id,
        {{ columns('paired', key) }},
        cast(extract(year from paired.period_end) as integer) as year,
        paired.method_version,
        cast(paired.place - 1 as integer) as revision_number,
        paired.is_latest,
        paired.old_value,
        paired.value as new_value,
        {{ computed(absolute_change('paired.value', 'paired.old_value')) }} as change,
        {{ computed(
            "100 * " ~ ratio("paired.value - paired.old_value", "abs(paired.old_value)")
        ) }} as change_pct,
        {{ direction_of_revision(
            'paired.old_value', 'paired.value'
        ) }} as direction,
        paired.old_obs_status,
        paired.obs_status as new_obs_status,
        paired.old_reason_code,
        paired.reason_code as new_reason_code,
        paired.is_illustrative,
        old_file.file_name as old_file_name,
        new_file.file_name as new_file_name,
        paired.old_released_on,
        paired.released_on as new_released_on,
        paired.old_received_at,
        paired.received_at as new_received_at,
        paired.old_observation_id,
        paired.old_file_id,
        paired.file_id as new_file_id
    from paired
    inner join {{ ref('dim_source_file') }} as old_file on paired.old_file_id = old_file.file_id
    inner join {{ ref('dim_source_file') }} as new_file on paired.file_id = new_file.file_id
    where
        (paired.old_value is null) <> (paired.value is null)
        or not {{ is_same_value('paired.old_value', 'paired.value') }}
        or paired.old_obs_status <> paired.obs_status
        or paired.old_reason_code is distinct from paired.reason_code
)

select * from final
