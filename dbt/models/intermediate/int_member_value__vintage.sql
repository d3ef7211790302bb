{% set key = [
    'cluster_id', 'organisation_id', 'residence_region_code', 'indicator_code', 'value_start',
    'value_end',
] %}

with final as (
    select
        part.cluster_id,
        part.organisation_id,
        part.is_illustrative,
        part.indicator_code,
        part.residence_region_code,
        cast(extract(year from part.value_end) as integer) as year,
        {{ computed('part.value * part.multiplier') }} as value,
        unit.base_unit_code as unit_code,
        unit.currency_code,
        {{ is_known('part.value', 'part.reason_code') }} as is_known,
        part.obs_status,
        part.conf_status,
        part.reason_code,
        part.note,
        part.value_printed,
        part.report_end,
        part.received_at,
        cast(part.received_at as date) as known_on,
        cast(submission.replaced_at as date) as replaced_on,
        submission.replaced_at is null
        and row_number() over (
            partition by
                submission.replaced_at is null,
                part.is_illustrative,
                {{ columns('part', key) }}
            order by {{ latest_report_first('part') }}
        ) = 1 as is_current,
        part.contract_id,
        part.row_id,
        part.file_id,
        part.table_name,
        part.cell
    from {{ ref('stg_member_value') }} as part
    inner join {{ ref('int_submission__accepted') }} as submission
        on part.file_id = submission.file_id
    inner join {{ ref('units') }} as unit on part.unit_code = unit.unit_code
    where {{ is_whole_year('part') }}
)

select * from final
