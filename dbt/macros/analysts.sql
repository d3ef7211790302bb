{# Table macros that stay in the published file, for whoever queries it: marts.as_of, marts.explain.
   DuckDB resolves their names when they are called, so they hold under any name of the file. #}

{% macro create_as_of() -%}
    create or replace macro {{ this.schema }}.as_of(on_date) as table (
        with known as (
            select vintage.*
            from {{ ref('int_observation__vintage') }} as vintage
            inner join {{ ref('int_breakdown__whole') }} as whole
                on vintage.breakdown_key = whole.breakdown_key
            where
                vintage.known_on <= cast(on_date as date)
                and {{ is_of_one_year('vintage') }}
        ),

        placed as (
            select
                known.* exclude (vintage_number, vintage_count),
                row_number() over {{ latest_vintage_first('known') }} as vintage_number
            from known
        ),

        led as (
            select
                placed.*,
                row_number() over {{ leading_source_first('placed') }} as source_number
            from placed
            where placed.vintage_number = 1
        )

        select
            led.indicator_code,
            led.region_code,
            led.activity_classifier,
            led.activity_code,
            cast(extract(year from led.period_end) as integer) as year,
            {{ method_version('led') }} as method_version,
            led.unit_code,
            led.value,
            led.obs_status,
            led.reason_code,
            led.is_illustrative,
            led.observation_id,
            led.file_id,
            led.released_on,
            led.received_at,
            led.known_on
        from led
        where led.source_number = 1
    )
{%- endmacro %}

{% macro comment_on_as_of() -%}
    comment on macro table {{ this.schema }}.as_of is
    'as_of(date): the printed figures of mart_indicator as they were known on that day (published, else received).'
{%- endmacro %}

{% macro create_explain() -%}
    {%- set key = [
        'indicator_code', 'region_code', 'activity_classifier', 'activity_code', 'year',
        'base_indicator_code', 'method_version', 'unit_code',
    ] -%}
    create or replace macro {{ this.schema }}.explain(
        indicator, region, year,
        activity := null, classifier := null, cluster := null, base := null, method := null,
        unit := null
    ) as table (
        with figures as (
            select
                {{ columns('figure', key) }},
                figure.value,
                figure.obs_status,
                figure.reason_code,
                figure.is_illustrative
            from {{ ref('mart_indicator') }} as figure
            where
                figure.indicator_code = indicator
                and figure.region_code = region
                and figure.year = year
                and (activity is null or figure.activity_code = activity)
                and (classifier is null or figure.activity_classifier = classifier)
                and (base is null or figure.base_indicator_code = base)
                and (method is null or figure.method_version = method)
                and (unit is null or figure.unit_code = unit)
                and figure.cluster_code = coalesce(
                    nullif(cluster, '{{ var("total_code") }}'), '{{ var("not_applicable_code") }}'
                )
        ),

        {# clusters are parts, and parts have no row in mart_indicator #}
        clusters as (
            select
                latest.indicator_code,
                latest.region_code,
                latest.activity_classifier,
                latest.activity_code,
                cast(extract(year from latest.period_end) as integer) as year,
                latest.indicator_code as base_indicator_code,
                {{ method_version('latest') }} as method_version,
                latest.unit_code,
                latest.value,
                latest.obs_status,
                latest.reason_code,
                latest.is_illustrative,
                latest.observation_id
            from {{ ref('int_observation__latest') }} as latest
            where
                latest.indicator_code = indicator
                and latest.region_code = region
                and extract(year from latest.period_end) = year
                and {{ is_of_one_year('latest') }}
                and (activity is null or latest.activity_code = activity)
                and (classifier is null or latest.activity_classifier = classifier)
                and (base is null or latest.indicator_code = base)
                and (method is null or {{ method_version('latest') }} = method)
                and (unit is null or latest.unit_code = unit)
                and list_contains(
                    string_split(latest.breakdown_key, ';'), 'cluster=' || cluster
                )
        ),

        made as (
            select
                figures.*,
                input.role_code,
                input.observation_id
            from figures
            left join (
                select
                    {{ columns('known', key) }},
                    known.role_code,
                    known.observation_id
                from {{ this.include(database=false) }} as known
                where
                    known.indicator_code = indicator
                    and known.region_code = region
                    and known.year = year
            ) as input on {{ same('figures', 'input', key) }}
            union all
            select
                clusters.* exclude (observation_id),
                'value' as role_code,
                clusters.observation_id
            from clusters
        )

        select
            made.*,
            vintage.indicator_code as input_indicator_code,
            vintage.region_code as input_region_code,
            vintage.activity_classifier as input_activity_classifier,
            vintage.activity_code as input_activity_code,
            cast(extract(year from vintage.period_end) as integer) as input_year,
            case
                when made.role_code = 'value' and made.indicator_code = made.base_indicator_code
                    then vintage.value
                else {{ input_value(
                    'vintage.value', 'vintage.corrected_value', 'vintage.correction_status'
                ) }}
            end as input_value,
            vintage.unit_code as input_unit_code,
            file.file_name,
            obs.table_name,
            obs.cell,
            obs.value_printed,
            obs.value as printed_value,
            obs.unit_code as printed_unit_code,
            obs.obs_status as input_obs_status,
            obs.reason_code as input_reason_code,
            obs.footnote,
            obs.correction_id,
            obs.correction_status,
            obs.value_corrected,
            obs.admissible_low,
            obs.admissible_high,
            obs.is_formula,
            obs.is_illustrative as is_input_illustrative,
            obs.provider_code,
            obs.contract_id,
            obs.contract_version,
            obs.released_on,
            obs.received_at,
            vintage.vintage_number,
            vintage.vintage_count,
            vintage.vintage_number > 1 as is_replaced,
            obs.file_id
        from made
        left join {{ ref('int_observation__vintage') }} as vintage
            on made.observation_id = vintage.observation_id
        left join {{ ref('fct_observation') }} as obs
            on made.observation_id = obs.observation_id
        left join {{ ref('dim_source_file') }} as file on obs.file_id = file.file_id
        order by
            made.activity_classifier,
            made.activity_code,
            made.base_indicator_code,
            made.method_version,
            made.unit_code,
            case made.role_code when 'value' then 0 when 'previous' then 9 else 1 end,
            made.role_code,
            vintage.region_code,
            vintage.activity_code,
            obs.cell,
            made.observation_id
    )
{%- endmacro %}

{% macro comment_on_explain() -%}
    comment on macro table {{ this.schema }}.explain is
    'explain(indicator, region, year, activity := …, base := …, method := …): one row per printed cell that the figure is made of.'
{%- endmacro %}
