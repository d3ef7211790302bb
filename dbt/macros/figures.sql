{# Figures of indicators, one row each, out of a wide relation: a select per indicator. `shared`
   and each figure give SQL for columns; what neither gives has the default that stands here.
   `where` keeps only some rows of the relation. #}
{% macro figures(relation, shared, each) -%}
    {%- set columns = {
        "indicator_code": none, "region_code": none, "country_code": none, "region_level": none,
        "peer_group": none, "is_peer": "false", "cluster_code": "'" ~ var("not_applicable_code") ~ "'",
        "activity_classifier": "'" ~ var("not_applicable_code") ~ "'",
        "activity_code": "'" ~ var("total_code") ~ "'",
        "year": none, "period_end": none, "base_indicator_code": none,
        "method_version": "'" ~ var("not_applicable_code") ~ "'", "is_primary": "true",
        "value": none, "unit_code": "'ratio'", "obs_status": "cast(null as varchar)",
        "reason_code": none, "correction_status": "cast(null as varchar)",
        "coverage": "cast(null as double)", "imputed_share": "cast(null as double)",
        "suppressed_share": "cast(null as double)", "reference_kind": "cast(null as varchar)",
        "vintage_on": "cast(null as date)", "region_count": "cast(null as bigint)",
        "is_illustrative": "false", "observation_id": "cast(null as varchar)",
        "file_id": "cast(null as varchar)",
    } -%}
    {%- for figure in each %}
    select
        {%- for column, default in columns.items() %}
        {{ figure.get(column, shared.get(column, default)) }} as {{ column }}
        {{- "," if not loop.last }}
        {%- endfor %}
    from {{ relation }}
    {%- if figure.get('where') %}
    where {{ figure.get('where') }}
    {%- endif %}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}

{# 1 where a value is estimated or imputed, 0 where it is as observed, NULL where there is none #}
{% macro imputed_part(value, obs_status) -%}
    case
        when {{ value }} is null then null
        when {{ is_imputed(obs_status) }} then 1.0
        else 0.0
    end
{%- endmacro %}

{# 1 where a value is withheld, else 0 #}
{% macro suppressed_part(value, conf_status) -%}
    case when {{ is_suppressed(value, conf_status) }} then 1.0 else 0.0 end
{%- endmacro %}

{% macro is_imputed(obs_status) -%}
    coalesce({{ obs_status }} in ('E', 'I'), false)
{%- endmacro %}

{% macro is_suppressed(value, conf_status) -%}
    ({{ value }} is null and coalesce({{ conf_status }} <> 'F', false))
{%- endmacro %}

{# all columns of a figure, and what a correction record says beside a printed one #}
{% macro columns_of_figures(relation) -%}
    {{ columns(relation, [
        "indicator_code", "region_code", "country_code", "region_level", "peer_group", "is_peer",
        "cluster_code", "activity_classifier", "activity_code", "year", "period_end",
        "base_indicator_code", "method_version", "is_primary", "value", "unit_code", "obs_status",
        "reason_code", "correction_status", "coverage", "imputed_share", "suppressed_share",
        "reference_kind", "vintage_on", "region_count", "is_illustrative", "observation_id",
        "file_id", "corrected_value", "correction_id", "input_value", "input_correction",
    ]) }}
{%- endmacro %}
