{% set world = ['cluster_id', 'is_illustrative', 'year'] %}
{% set member = world + ['organisation_id'] %}
{# a measure of members, and the code of the statistics of an activity that stands for it #}
{% set measures = {
    'employees': 'employment', 'establishments': 'establishments', 'output': 'output_shipped',
    'value_added': 'value_added', 'sales': 'sales', 'sales_to_members': none, 'exports': 'exports',
    'investment': 'investment', 'rd_spend': 'rd_spend', 'innovative_output': none, 'taxes': 'taxes',
    'payroll': 'payroll', 'patents': 'patents', 'new_firms': 'new_firms',
    'active_firms': 'active_firms', 'remote_employees': none, 'remote_outside_home': none,
    'new_jobs': none,
} %}
{% set unasked = ['establishments', 'new_firms', 'active_firms', 'remote_outside_home'] %}

with outside as (
    select
        {{ columns('job', member) }},
        {{ exact_sum('case when job.is_outside_home then job.remote_count end') }} as outside_count
    from {{ ref('int_member__remote') }} as job
    where job.is_in_share
    group by {{ columns('job', member) }}
),

-- measures whose figure of a member is estimated, or withheld
marks as (
    select
        {{ columns('part', member) }},
        ';' || {{ joined_text(
            'case when ' ~ is_imputed('part.obs_status') ~ ' then part.indicator_code end',
            'part.indicator_code', ';'
        ) }} || ';' as imputed_measures,
        ';' || {{ joined_text(
            'case when ' ~ is_suppressed('part.value', 'part.conf_status')
            ~ ' then part.indicator_code end',
            'part.indicator_code', ';'
        ) }} || ';' as suppressed_measures,
        max(part.received_at) as received_at
    from {{ ref('int_member_value__current') }} as part
    group by {{ columns('part', member) }}
),

members as (
    select
        {{ columns('member', world) }},
        'members' as part_kind,
        member.organisation_id as part_code,
        measured.currency_code,
        coalesce(measured.has_several_currencies, false) as has_several_currencies,
        {% for measure in measures if measure not in unasked %}
        measured.{{ measure }},
        coalesce(measured.has_{{ measure }}, false) as has_{{ measure }},
        {% endfor %}
        {% for measure in ['establishments', 'new_firms', 'active_firms'] %}
        cast(null as double) as {{ measure }},
        false as has_{{ measure }},
        {% endfor %}
        case
            when measured.is_remote_located and member.home_region_code is not null
                then coalesce(outside.outside_count, 0)
        end as remote_outside_home,
        coalesce(measured.is_remote_located and member.home_region_code is not null, false)
            as has_remote_outside_home,
        coalesce(marks.imputed_measures, '') as imputed_measures,
        coalesce(marks.suppressed_measures, '') as suppressed_measures,
        measured.organisation_id is not null as is_reported,
        cast(null as varchar) as correction,
        member.is_illustrative as is_part_illustrative,
        cast(marks.received_at as date) as known_on
    from {{ ref('int_member__yearly') }} as member
    left join {{ ref('int_member__measured') }} as measured
        on {{ same('member', 'measured', member) }}
    left join outside on {{ same('member', 'outside', member) }}
    left join marks on {{ same('member', 'marks', member) }}
    where member.is_at_end
),

-- the activities that a cluster names, without those that another of them contains
named as (
    select
        {{ columns('cluster', world) }},
        cluster.home_region_code as region_code,
        said.activity_classifier,
        {{ each_item('said.activity_codes') }} as activity_code
    from {{ ref('int_cluster__yearly') }} as cluster
    inner join {{ ref('dim_cluster') }} as said
        on cluster.cluster_id = said.cluster_id
        and cluster.is_illustrative = said.is_illustrative
        and {{ holds_on('said', 'cluster.year_end') }}
    where cluster.home_region_code is not null
),

contained as (
    select distinct
        {{ columns('part', world) }},
        part.activity_code
    from named as part
    inner join {{ ref('int_activity__ancestors') }} as ancestor
        on part.activity_classifier = ancestor.classifier_code
        and part.activity_code = ancestor.activity_code
    inner join named as whole
        on {{ same('part', 'whole', world) }}
        and part.activity_classifier = whole.activity_classifier
        and ancestor.ancestor_code = whole.activity_code
        and part.activity_code <> whole.activity_code
),

counted as (
    select distinct
        {{ columns('named', world) }},
        named.region_code,
        named.activity_classifier,
        named.activity_code
    from named
    left join contained
        on {{ same('named', 'contained', world) }}
        and named.activity_code = contained.activity_code
    where contained.activity_code is null
),

mapped as (
    {% for measure, indicator in measures.items() if indicator %}
    select
        '{{ indicator }}' as indicator_code,
        '{{ measure }}' as measure
    {% if not loop.last %}
    union all
    {% endif %}
    {% endfor %}
),

statistics as (
    select
        {{ columns('counted', world) }},
        'activities' as part_kind,
        counted.activity_code as part_code,
        max(unit.currency_code) as currency_code,
        count(distinct unit.currency_code) > 1 as has_several_currencies,
        {% for measure, indicator in measures.items() %}
        {% if indicator %}
        max(cell.input_value) filter (where cell.indicator_code = '{{ indicator }}')
            as {{ measure }},
        {{ any_true(
            is_known('cell.input_value', 'cell.reason_code')
            ~ " and cell.indicator_code = '" ~ indicator ~ "'"
        ) }} as has_{{ measure }},
        {% else %}
        cast(null as double) as {{ measure }},
        false as has_{{ measure }},
        {% endif %}
        {% endfor %}
        ';' || {{ joined_text(
            'case when ' ~ is_imputed('cell.obs_status') ~ ' then mapped.measure end',
            'mapped.measure', ';'
        ) }} || ';' as imputed_measures,
        ';' || {{ joined_text(
            'case when ' ~ is_suppressed('cell.value', 'cell.conf_status')
            ~ ' then mapped.measure end',
            'mapped.measure', ';'
        ) }} || ';' as suppressed_measures,
        count(cell.indicator_code) > 0 as is_reported,
        max(cell.input_correction) as correction,
        {{ any_true('cell.is_illustrative') }} or counted.is_illustrative as is_part_illustrative,
        max({{ known_on('cell') }}) as known_on
    from counted
    left join {{ ref('int_observation__yearly') }} as cell
        on counted.region_code = cell.region_code
        and counted.activity_classifier = cell.activity_classifier
        and counted.activity_code = cell.activity_code
        and counted.year = cell.year
        and cell.is_primary
    left join mapped on cell.indicator_code = mapped.indicator_code
    left join {{ ref('units') }} as unit on cell.unit_code = unit.unit_code
    group by {{ columns('counted', world) }}, counted.activity_code
),

parts as (
    select
        {{ columns('members', world) }},
        members.part_kind,
        members.part_code,
        members.currency_code,
        members.has_several_currencies,
        {% for measure in measures %}
        members.{{ measure }},
        members.has_{{ measure }},
        {% endfor %}
        members.imputed_measures,
        members.suppressed_measures,
        members.is_reported,
        members.correction,
        members.is_part_illustrative,
        members.known_on
    from members
    union all
    select
        {{ columns('statistics', world) }},
        statistics.part_kind,
        statistics.part_code,
        statistics.currency_code,
        statistics.has_several_currencies,
        {% for measure in measures %}
        statistics.{{ measure }},
        statistics.has_{{ measure }},
        {% endfor %}
        statistics.imputed_measures,
        statistics.suppressed_measures,
        statistics.is_reported,
        statistics.correction,
        statistics.is_part_illustrative,
        statistics.known_on
    from statistics
),

kinds as (
    select 'members' as part_kind
    union all
    select 'activities' as part_kind
),

-- every cluster and year, also without a part
final as (
    select
        cluster.cluster_id as cluster_code,
        cluster.country_code,
        coalesce(cluster.home_region_code, cluster.country_code) as region_code,
        cluster.year,
        cluster.is_illustrative,
        kinds.part_kind,
        parts.part_code,
        parts.currency_code as unit_code,
        currency.currency_code as country_unit_code,
        parts.has_several_currencies,
        {% for measure in measures %}
        parts.{{ measure }},
        parts.has_{{ measure }},
        {% endfor %}
        parts.imputed_measures,
        parts.suppressed_measures,
        parts.is_reported,
        parts.correction,
        coalesce(parts.is_part_illustrative, cluster.is_illustrative) as is_part_illustrative,
        parts.known_on
    from {{ ref('int_cluster__yearly') }} as cluster
    cross join kinds
    left join parts
        on {{ same('cluster', 'parts', world) }}
        and kinds.part_kind = parts.part_kind
    left join {{ ref('currencies') }} as currency
        on cluster.country_code = currency.country_code
        and make_date(cluster.year, 12, 31) >= currency.valid_from
        and make_date(cluster.year, 12, 31)
        <= coalesce(currency.valid_to, cast('9999-12-31' as date))
)

select * from final
