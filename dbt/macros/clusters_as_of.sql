{# Table macro that stays in the published file, as `as_of` for statistics does: marts.reported_as_of. #}

{% macro create_reported_as_of() -%}
    {%- set figure = [
        'cluster_id', 'is_illustrative', 'indicator_code', 'year', 'value', 'unit_code',
        'reason_code', 'value_printed', 'report_end', 'received_at', 'known_on', 'replaced_on',
        'row_id', 'file_id', 'table_name', 'cell',
    ] -%}
    create or replace macro {{ this.schema }}.reported_as_of(on_date) as table (
        with said as (
            select
                {{ columns('member', figure) }},
                member.organisation_id,
                member.residence_region_code
            from {{ ref('int_member_value__vintage') }} as member
            union all
            select
                {{ columns('stated', figure) }},
                cast(null as varchar) as organisation_id,
                cast(null as varchar) as residence_region_code
            from {{ ref('int_cluster_value__vintage') }} as stated
        ),

        placed as (
            select
                said.*,
                row_number() over (
                    partition by
                        said.cluster_id,
                        said.is_illustrative,
                        said.organisation_id,
                        said.residence_region_code,
                        said.indicator_code,
                        said.year
                    order by {{ latest_report_first('said') }}
                ) as place
            from said
            where
                said.known_on <= cast(on_date as date)
                and (said.replaced_on is null or said.replaced_on > cast(on_date as date))
        )

        select
            placed.cluster_id,
            placed.organisation_id,
            placed.residence_region_code,
            placed.indicator_code,
            placed.year,
            placed.is_illustrative,
            placed.value,
            placed.unit_code,
            placed.reason_code,
            placed.value_printed,
            placed.report_end,
            placed.received_at,
            placed.file_id,
            placed.table_name,
            placed.cell
        from placed
        where placed.place = 1
    )
{%- endmacro %}

{% macro comment_on_reported_as_of() -%}
    comment on macro table {{ this.schema }}.reported_as_of is
    'reported_as_of(date): what members and clusters had reported by that day, of each figure the version that counted then. Confidential: figures of members.'
{%- endmacro %}
