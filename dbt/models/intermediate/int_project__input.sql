{% set project = ['cluster_id', 'project_id', 'is_illustrative'] %}
{% set series = project + ['indicator_code'] %}
{% set key = series + ['year'] %}
{% set kinds = ['plan', 'forecast', 'actual', 'effect'] %}

-- of each kind and year, what was stated last leads
with stated as (
    select
        {{ columns('value', key) }},
        value.value_kind,
        value.stated_on,
        value.value,
        value.unit_code,
        value.territory_version,
        value.method_note,
        value.reason_code,
        row_number() over (
            partition by {{ columns('value', key) }}, value.value_kind
            order by value.stated_on desc
        ) as place
    from {{ ref('fct_project_value') }} as value
),

newest as (
    select
        {{ columns('stated', key) }},
        stated.value_kind,
        stated.stated_on,
        stated.value,
        stated.unit_code,
        stated.territory_version,
        stated.method_note,
        stated.reason_code
    from stated
    where stated.place = 1
),

years as (
    select
        {{ columns('newest', key) }},
        count(*) as kind_count
    from newest
    where newest.value_kind <> {{ code('value_kind', 'base') }}
    group by {{ columns('newest', key) }}
),

-- the base that a year is measured from is the last one before it
bases as (
    select
        {{ columns('years', key) }},
        max(newest.year) as base_year
    from years
    inner join newest
        on {{ same('years', 'newest', series) }}
        and newest.value_kind = {{ code('value_kind', 'base') }}
        and years.year > newest.year
    group by {{ columns('years', key) }}
),

-- the target of the whole project is the plan of its last planned year
targets as (
    select
        {{ columns('newest', series) }},
        max(newest.year) as target_year
    from newest
    where newest.value_kind = {{ code('value_kind', 'plan') }}
    group by {{ columns('newest', series) }}
),

homes as (
    select
        cluster.cluster_id,
        cluster.is_illustrative,
        max(cluster.home_region_code) as home_region_code
    from {{ ref('dim_cluster') }} as cluster
    where cluster.is_current
    group by cluster.cluster_id, cluster.is_illustrative
),

of_projects as (
    select
        years.cluster_id as cluster_code,
        years.project_id,
        years.is_illustrative,
        {{ country_of_cluster('years.cluster_id') }} as country_code,
        coalesce(homes.home_region_code, {{ country_of_cluster('years.cluster_id') }})
            as region_code,
        years.indicator_code as measure_code,
        years.year,
        indicator.direction,
        base.year as base_year,
        base.value as base_value,
        base.unit_code as base_unit_code,
        base.territory_version as base_territory_version,
        base.reason_code as base_reason_code,
        {% for kind in ['plan', 'forecast', 'actual'] %}
        {{ kind }}.value as {{ kind }}_value,
        {{ kind }}.unit_code as {{ kind }}_unit_code,
        {{ kind }}.territory_version as {{ kind }}_territory_version,
        {{ kind }}.reason_code as {{ kind }}_reason_code,
        {{ kind }}.stated_on as {{ kind }}_stated_on,
        {% endfor %}
        target.year as target_year,
        target.value as target_value,
        target.unit_code as target_unit_code,
        target.territory_version as target_territory_version,
        target.reason_code as target_reason_code,
        effect.value as effect_value,
        effect.unit_code as effect_unit_code,
        effect.method_note as effect_method_note,
        project.planned_finish_on,
        project.finished_on,
        cast(null as double) as budget_amount,
        cast(null as double) as budget_paid_amount
    from years
    inner join {{ ref('indicators') }} as indicator
        on years.indicator_code = indicator.indicator_code
    {% for kind in kinds %}
    left join newest as {{ kind }}
        on {{ same('years', kind, key) }}
        and {{ kind }}.value_kind = {{ code('value_kind', kind) }}
    {% endfor %}
    left join bases on {{ same('years', 'bases', key) }}
    left join newest as base
        on {{ same('bases', 'base', series) }}
        and bases.base_year = base.year
        and base.value_kind = {{ code('value_kind', 'base') }}
    left join targets on {{ same('years', 'targets', series) }}
    left join newest as target
        on {{ same('targets', 'target', series) }}
        and targets.target_year = target.year
        and target.value_kind = {{ code('value_kind', 'plan') }}
    left join {{ ref('dim_project') }} as project on {{ same('years', 'project', project) }}
    left join homes
        on years.cluster_id = homes.cluster_id
        and years.is_illustrative = homes.is_illustrative
),

-- years in which a cluster names no figure of a project
final as (
    select of_projects.*
    from of_projects
    union all by name
    select
        cluster.cluster_id as cluster_code,
        cluster.is_illustrative,
        cluster.country_code,
        coalesce(cluster.home_region_code, cluster.country_code) as region_code,
        {{ code('indicator', 'output') }} as measure_code,
        cluster.year
    from {{ ref('int_cluster__yearly') }} as cluster
    left join of_projects
        on cluster.cluster_id = of_projects.cluster_code
        and cluster.is_illustrative = of_projects.is_illustrative
        and cluster.year = of_projects.year
    where of_projects.cluster_code is null
)

select * from final
