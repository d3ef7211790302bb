{{ config(
    materialized='view',
    post_hook=["{{ create_reported_as_of() }}", "{{ comment_on_reported_as_of() }}"],
) }}

-- depends_on: {{ ref('int_member_value__vintage') }}, {{ ref('int_cluster_value__vintage') }}

{% set world = ['cluster_id', 'is_illustrative', 'year'] %}
{% set member = ['cluster_id', 'organisation_id', 'is_illustrative', 'year'] %}
{% set printed = ['file_id', 'table_name', 'cell', 'received_at'] %}
{% set row = ['row_id'] + printed %}
{% set value = ['indicator_code', 'residence_region_code', 'value', 'unit_code', 'reason_code'] %}

with years as (
    select
        {{ columns('cluster', world) }},
        cluster.status_row_id,
        cluster.cluster_row_id
    from {{ ref('int_cluster__yearly') }} as cluster
),

presence as (
    select
        {{ columns('part', member) }},
        part.is_at_start,
        part.is_at_end,
        part.is_joined,
        part.is_left,
        part.type_code,
        part.size_code,
        part.organisation_row_id
    from {{ ref('int_member__yearly') }} as part
),

reported as (
    select
        {{ columns('part', member) }},
        {% for ratio in cluster_ratios() %}
        part.has_{{ ratio.numerator }} and part.has_{{ ratio.denominator }}
            as has_{{ ratio.name }},
        {% endfor %}
        part.is_remote_stated,
        part.is_remote_located and part.has_employees as has_cross_region_remote_pct
    from {{ ref('int_member__measured') }} as part
    where part.is_at_end
),

member_values as (
    select
        {{ columns('part', member) }},
        {{ columns('part', value) }},
        part.residence_region_code is null as is_total,
        part.value_printed,
        {{ columns('part', printed) }}
    from {{ ref('int_member_value__current') }} as part
),

-- the figures behind each computed column
needs as (
    {% for ratio in cluster_ratios() %}
    {% for role in ['numerator', 'denominator'] %}
    select
        '{{ ratio.name }}' as column_name,
        '{{ role }}' as role_code,
        '{{ ratio[role] }}' as indicator_code
    union all
    {% endfor %}
    {% endfor %}
    select
        'cross_region_remote_pct' as column_name,
        'denominator' as role_code,
        'employees' as indicator_code
),

memberships as (
    select
        {{ columns('presence', world) }},
        presence.organisation_id,
        presence.is_at_start,
        presence.is_at_end,
        presence.is_joined,
        presence.is_left,
        {{ columns('membership', row) }}
    from presence
    inner join {{ ref('fct_membership') }} as membership
        on presence.cluster_id = membership.cluster_id
        and presence.organisation_id = membership.organisation_id
        and presence.is_illustrative = membership.is_illustrative
    where
        extract(year from membership.valid_from) <= presence.year
        and coalesce(extract(year from membership.valid_to), presence.year) >= presence.year - 1
),

-- rows that are counted, or say what a cluster is; the attribute is the column that matters in them
counts as (
    {% for column, attribute, condition in [
        ('member_count', 'organisation_id', 'memberships.is_at_end'),
        ('member_count_at_start', 'organisation_id', 'memberships.is_at_start'),
        ('joined_count', 'joined_on', 'memberships.is_joined'),
        ('left_count', 'left_on', 'memberships.is_left'),
        ('churn_pct', 'organisation_id', 'true'),
    ] %}
    select
        {{ columns('memberships', world) }},
        '{{ column }}' as column_name,
        memberships.organisation_id,
        'membership' as row_kind,
        '{{ attribute }}' as attribute,
        {{ columns('memberships', row) }}
    from memberships
    where {{ condition }}
    union all
    {% endfor %}
    {% for column, attribute in [
        ("'member_' || coalesce(presence.type_code, 'untyped') || '_count'", 'type_code'),
        ("'member_' || coalesce(presence.size_code, 'unsized') || '_count'", 'size_code'),
        ("'sme_count'", 'size_code'),
        ("'sme_share_pct'", 'size_code'),
        ("'outside_home_count'", 'region_code'),
        ("'outside_home_share_pct'", 'region_code'),
    ] %}
    select
        {{ columns('presence', world) }},
        {{ column }} as column_name,
        presence.organisation_id,
        'organisation' as row_kind,
        '{{ attribute }}' as attribute,
        {{ columns('organisation', row) }}
    from presence
    inner join {{ ref('dim_organisation') }} as organisation
        on presence.organisation_row_id = organisation.row_id
    where presence.is_at_end
    union all
    {% endfor %}
    {% for column, attribute in {
        'home_region_code': 'home_region_code',
        'kind_code': 'kind_code',
        'team_fte': 'team_fte',
        'outside_home_count': 'home_region_code',
        'outside_home_share_pct': 'home_region_code',
        'remote_outside_home': 'home_region_code',
        'cross_region_remote_pct': 'home_region_code',
    }.items() %}
    select
        {{ columns('years', world) }},
        '{{ column }}' as column_name,
        cast(null as varchar) as organisation_id,
        'cluster' as row_kind,
        '{{ attribute }}' as attribute,
        {{ columns('cluster', row) }}
    from years
    inner join {{ ref('dim_cluster') }} as cluster
        on years.cluster_row_id = cluster.row_id
    union all
    {% endfor %}
    select
        {{ columns('years', world) }},
        'status_code' as column_name,
        cast(null as varchar) as organisation_id,
        'cluster_status_event' as row_kind,
        'status_code' as attribute,
        {{ columns('status', row) }}
    from years
    inner join {{ ref('fct_cluster_status') }} as status
        on years.status_row_id = status.row_id
),

figures as (
    select
        {{ columns('member_values', world) }},
        'member_' || member_values.indicator_code as column_name,
        'value' as role_code,
        member_values.organisation_id,
        {{ columns('member_values', value) }},
        member_values.value_printed,
        {{ columns('member_values', printed) }}
    from member_values
    inner join reported on {{ same('member_values', 'reported', member) }}
    where member_values.is_total or not reported.is_remote_stated
    union all
    select
        {{ columns('part', world) }},
        'stated_' || part.indicator_code as column_name,
        'value' as role_code,
        cast(null as varchar) as organisation_id,
        part.indicator_code,
        cast(null as varchar) as residence_region_code,
        part.value,
        part.unit_code,
        part.reason_code,
        part.value_printed,
        {{ columns('part', printed) }}
    from {{ ref('int_cluster_value__current') }} as part
    union all
    select
        {{ columns('member_values', world) }},
        needs.column_name,
        needs.role_code,
        member_values.organisation_id,
        {{ columns('member_values', value) }},
        member_values.value_printed,
        {{ columns('member_values', printed) }}
    from member_values
    inner join reported on {{ same('member_values', 'reported', member) }}
    inner join needs on member_values.indicator_code = needs.indicator_code
    where
        (member_values.is_total or not reported.is_remote_stated)
        and case needs.column_name
            {% for ratio in cluster_ratios() %}
            when '{{ ratio.name }}' then reported.has_{{ ratio.name }}
            {% endfor %}
            else reported.has_cross_region_remote_pct
        end
    union all
    {% for column in [
        'remote_outside_home', 'remote_unallocated', 'cross_region_remote_pct',
    ] %}
    select
        {{ columns('member_values', world) }},
        '{{ column }}' as column_name,
        'numerator' as role_code,
        member_values.organisation_id,
        {{ columns('member_values', value) }},
        member_values.value_printed,
        {{ columns('member_values', printed) }}
    from member_values
    inner join reported on {{ same('member_values', 'reported', member) }}
    where
        member_values.indicator_code = 'remote_employees'
        {% if column == 'remote_outside_home' %}
        and not member_values.is_total
        {% elif column == 'cross_region_remote_pct' %}
        and not member_values.is_total
        and reported.has_cross_region_remote_pct
        {% endif %}
    {% if not loop.last %}
    union all
    {% endif %}
    {% endfor %}
),

united as (
    select
        {{ columns('figures', world) }},
        figures.column_name,
        figures.role_code,
        figures.organisation_id,
        {{ columns('figures', value) }},
        figures.value_printed,
        {{ columns('figures', printed) }}
    from figures
    union all
    select
        {{ columns('counts', world) }},
        counts.column_name,
        'row' as role_code,
        counts.organisation_id,
        {% for column in value %}
        cast(null as {{ 'double' if column == 'value' else 'varchar' }}) as {{ column }},
        {% endfor %}
        row_text.printed[counts.attribute] as value_printed,
        counts.file_id,
        counts.table_name,
        coalesce(row_text.cells[counts.attribute], counts.cell) as cell,
        counts.received_at
    from counts
    left join {{ ref('int_row__printed') }} as row_text
        on counts.row_id = row_text.row_id
        and counts.row_kind = row_text.row_kind
),

final as (
    select
        {{ columns('united', world) }},
        united.column_name,
        united.role_code,
        united.organisation_id,
        {{ columns('united', value) }},
        united.value_printed,
        file.file_name,
        {{ columns('united', printed) }}
    from united
    left join {{ ref('dim_source_file') }} as file on united.file_id = file.file_id
)

select * from final
