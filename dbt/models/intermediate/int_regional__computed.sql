{# code, part, whole (none: the part as printed), times, what the method adds, unit of the result
   (none: that of the part), whether the part is of the whole #}
{% set formulas = [
    ('SME_N', 'sme_count', none, 1, '', none, false),
    ('SME_DENS', 'sme_count', 'population', 1000, '', 'units', false),
    ('SME_SHARE', 'sme_share_gdp', none, 1, 'of=gdp', none, false),
    ('SME_SHARE', 'sme_share_gva', none, 1, 'of=gva', none, false),
    ('SME_SHARE', 'sme_share_revenue', none, 1, 'of=revenue', none, false),
    ('SME_SHARE', 'sme_share_industrial_output', none, 1, 'of=industrial_output', none, false),
    ('INN_SME', 'innovating_sme_share', none, 1, 'from=printed_share', none, false),
    ('INN_SME', 'innovating_sme_count', 'sme_count', 100, 'from=counts', 'per_cent', true),
    ('INN_JOINT', 'joint_innovating_sme_share', none, 1, 'from=printed_share', none, false),
    ('INN_JOINT', 'joint_innovating_sme_count', 'sme_count', 100, 'from=counts', 'per_cent', true),
    ('INN_RDINT', 'rd_spend', 'value_added', 100, '', 'per_cent', false),
    ('ICT_PC', 'ict_computer_share', none, 1, 'measure=share', none, false),
    ('ICT_PC', 'ict_computer_org_count', none, 1, 'measure=count', none, false),
    ('ICT_PC', 'ict_computer_org_count', 'organisation_count', 100, 'measure=share;from=counts',
        'per_cent', true),
    ('ICT_NET', 'ict_internet_share', none, 1, 'measure=share', none, false),
    ('ICT_NET', 'ict_internet_org_count', none, 1, 'measure=count', none, false),
    ('ICT_NET', 'ict_internet_org_count', 'organisation_count', 100, 'measure=share;from=counts',
        'per_cent', true),
    ('REM_N', 'remote_workers', none, 1, '', none, false),
    ('REM_SH', 'remote_workers', 'employment', 100, '', 'per_cent', true),
] %}
{# what the part may not be more than, although it is not divided by it #}
{% set limits = {'REM_N': 'employment'} %}
{% set place = ['country_code', 'region_code', 'year'] %}

with formulas as (
    {% for code_, part, whole, times, method, unit, is_share in formulas %}
    select
        '{{ code_ }}' as indicator_code,
        {{ "'" ~ part ~ "'" }} as part_code,
        {{ "'" ~ whole ~ "'" if whole else "cast(null as varchar)" }} as whole_code,
        {{ "'" ~ limits.get(code_, whole if is_share else '') ~ "'" }} as limit_code,
        {{ times }} as times,
        '{{ method }}' as method,
        {{ "'" ~ unit ~ "'" if unit else "cast(null as varchar)" }} as unit_code,
        {{ loop.index }} as place
    {% if not loop.last %}
    union all
    {% endif %}
    {% endfor %}
),

regions as (
    select
        {{ columns('part', place) }},
        min(part.region_level) as region_level,
        min(part.peer_group) as peer_group,
        {{ any_true('part.is_peer') }} as is_peer,
        max(part.period_end) as period_end
    from {{ ref('int_regional__input') }} as part
    group by {{ columns('part', place) }}
),

-- one row per region, year and formula, or several where the part has several series
joined as (
    select
        {{ columns('regions', place) }},
        regions.region_level,
        regions.peer_group,
        regions.is_peer,
        coalesce(part.period_end, regions.period_end) as period_end,
        formulas.indicator_code,
        formulas.part_code,
        formulas.whole_code,
        formulas.times,
        formulas.place,
        {{ joined_parts([
            "nullif(formulas.method, '')",
            "nullif(part.method_version, '" ~ var("not_applicable_code") ~ "')",
            "'per:' || nullif(whole.method_version, '" ~ var("not_applicable_code") ~ "')",
        ]) }} as method_version,
        coalesce(part.is_primary, true) as is_primary,
        part.value as part_value,
        part.unit_code as part_unit_code,
        part.reason_code as part_reason_code,
        part.obs_status as part_obs_status,
        part.conf_status as part_conf_status,
        part.observation_id as part_observation_id,
        whole.value as whole_value,
        whole.unit_code as whole_unit_code,
        whole.reason_code as whole_reason_code,
        whole.conf_status as whole_conf_status,
        whole.observation_id as whole_observation_id,
        limit_.value as limit_value,
        {{ worst_correction(['part.correction', 'whole.correction']) }} as correction,
        coalesce(part.is_illustrative, false) or coalesce(whole.is_illustrative, false)
            as is_illustrative,
        greatest(part.known_on, whole.known_on) as known_on,
        coalesce(
            formulas.unit_code,
            part.unit_code,
            case
                when formulas.part_code like '%_share%' then 'per_cent'
                when formulas.part_code = 'remote_workers' then 'persons'
                else 'units'
            end
        ) as unit_code
    from regions
    cross join formulas
    left join {{ ref('int_regional__input') }} as part
        on {{ same('regions', 'part', place) }}
        and formulas.part_code = part.measure_code
    left join {{ ref('int_regional__input') }} as whole
        on {{ same('regions', 'whole', place) }}
        and formulas.whole_code = whole.measure_code
        and whole.is_primary
    left join {{ ref('int_regional__input') }} as limit_
        on {{ same('regions', 'limit_', place) }}
        and formulas.limit_code = limit_.measure_code
        and limit_.is_primary
),

-- of formulas that give one indicator, those with a figure anywhere lead, in their order
followed as (
    select
        joined.*,
        lag(joined.part_value) over in_series as previous_value,
        lag(joined.year) over in_series as previous_year
    from joined
    window in_series as (
        partition by
            joined.country_code,
            joined.region_code,
            joined.indicator_code,
            joined.part_code,
            joined.whole_code,
            joined.method_version,
            joined.unit_code
        order by joined.year
    )
),

reasoned as (
    select
        followed.*,
        {{ first_reason([
            [is_pending('followed.correction'), reason('correction_pending')],
            [
                is_suppressed('followed.part_value', 'followed.part_conf_status'),
                reason('confidential_input'),
            ],
            [
                "followed.part_value is null",
                "coalesce(followed.part_reason_code, " ~ reason('missing_input') ~ ")",
            ],
            [
                "followed.whole_code is not null and "
                ~ is_suppressed('followed.whole_value', 'followed.whole_conf_status'),
                reason('confidential_input'),
            ],
            [
                "followed.whole_code is not null and followed.whole_value is null",
                "coalesce(followed.whole_reason_code, " ~ reason('missing_input') ~ ")",
            ],
            ["least(followed.part_value, followed.whole_value) < 0", reason('negative_input')],
            ["followed.whole_value = 0", reason('zero_denominator')],
            [
                "followed.part_code = 'rd_spend' "
                ~ "and followed.part_unit_code <> followed.whole_unit_code",
                reason('unit_break'),
            ],
            ["followed.part_value > followed.limit_value", reason('contradictory_input')],
            [
                "followed.unit_code = 'per_cent' and followed.whole_code is null "
                ~ "and followed.part_value > 100",
                reason('contradictory_input'),
            ],
            [
                "followed.part_code = 'remote_workers' "
                ~ "and coalesce(followed.part_obs_status, '') <> '" ~ var("break_status")
                ~ "' and followed.previous_year = followed.year - 1 and " ~ is_implausible_growth(
                    'followed.part_value', 'followed.previous_value', var('remote_growth_limit')
                ),
                reason('implausible_input'),
            ],
        ]) }} as reason_code
    from followed
),

final as (
    select
        {{ columns('reasoned', place) }},
        reasoned.region_level,
        reasoned.peer_group,
        reasoned.is_peer,
        reasoned.period_end,
        reasoned.indicator_code,
        reasoned.part_code,
        reasoned.whole_code,
        reasoned.method_version,
        reasoned.is_primary
        and row_number() over (
            partition by
                {{ columns('reasoned', place) }}, reasoned.indicator_code, reasoned.is_primary
            order by
                case when reasoned.part_value is null then 1 else 0 end,
                reasoned.place,
                reasoned.method_version,
                reasoned.unit_code
        ) = 1 as is_primary,
        reasoned.unit_code,
        case
            when reasoned.reason_code is not null then null
            when reasoned.whole_code is null then reasoned.part_value
            else {{ computed(times_ratio(
                'reasoned.times', 'reasoned.part_value', 'reasoned.whole_value'
            )) }}
        end as value,
        reasoned.reason_code,
        reasoned.correction,
        {{ ratio(
            'cast(reasoned.part_value is not null as double) '
            ~ '+ cast(reasoned.whole_value is not null as double)',
            'case when reasoned.whole_code is null then 1 else 2 end'
        ) }} as coverage,
        {{ imputed_part('reasoned.part_value', 'reasoned.part_obs_status') }} as imputed_share,
        {{ suppressed_part('reasoned.part_value', 'reasoned.part_conf_status') }}
            as suppressed_share,
        reasoned.is_illustrative,
        reasoned.known_on,
        reasoned.part_observation_id,
        reasoned.whole_observation_id
    from reasoned
)

select * from final
