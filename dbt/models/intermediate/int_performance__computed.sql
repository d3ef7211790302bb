{% set key = ['cluster_code', 'is_illustrative', 'year', 'part_kind'] %}
{% set money = [
    'output', 'value_added', 'sales', 'sales_to_members', 'exports', 'investment', 'rd_spend',
    'innovative_output', 'taxes', 'payroll',
] %}
{% set counts = [
    'employees', 'establishments', 'patents', 'new_firms', 'active_firms', 'remote_employees',
    'remote_outside_home', 'new_jobs',
] %}
{# losses, sales of assets and refunds are negative; all other figures of a part are not #}
{% set signed = ['value_added', 'investment', 'taxes'] %}
{# times × Σ numerator / Σ denominator over the parts that reported both; of a share the part is no
   more than the whole, and where it needs all, no part with a denominator may lack the numerator #}
{% set ratios = [
    {
        'name': 'productivity', 'times': 1,
        'numerator': 'value_added', 'denominator': 'employees',
    },
    {
        'name': 'output_productivity', 'times': 1,
        'numerator': 'output', 'denominator': 'employees',
    },
    {'name': 'average_wage', 'times': 1, 'numerator': 'payroll', 'denominator': 'employees'},
    {
        'name': 'export_share_pct', 'times': 100, 'is_share': true,
        'numerator': 'exports', 'denominator': 'sales',
    },
    {
        'name': 'new_firm_share_pct', 'times': 100, 'is_share': true,
        'numerator': 'new_firms', 'denominator': 'active_firms',
    },
    {
        'name': 'rd_intensity_pct', 'times': 100,
        'numerator': 'rd_spend', 'denominator': 'value_added',
    },
    {
        'name': 'innovative_share_pct', 'times': 100, 'is_share': true,
        'numerator': 'innovative_output', 'denominator': 'output',
    },
    {
        'name': 'patents_per_10000_employees', 'times': 10000,
        'numerator': 'patents', 'denominator': 'employees',
    },
    {
        'name': 'remote_share_pct', 'times': 100, 'is_share': true,
        'numerator': 'remote_employees', 'denominator': 'employees',
    },
    {
        'name': 'cross_region_remote_pct', 'times': 100, 'is_share': true,
        'numerator': 'remote_outside_home', 'denominator': 'employees',
    },
    {
        'name': 'intra_sales_pct', 'times': 100, 'is_share': true, 'needs_all': true,
        'numerator': 'sales_to_members', 'denominator': 'sales',
    },
] %}

with sums as (
    select
        {{ columns('part', key) }},
        max(part.country_code) as country_code,
        max(part.region_code) as region_code,
        max(part.unit_code) as stated_unit_code,
        coalesce(max(part.unit_code), max(part.country_unit_code)) as unit_code,
        count(distinct part.unit_code) > 1
        or {{ any_true('part.has_several_currencies') }} as has_several_currencies,
        count(part.part_code) as part_count,
        count(case when part.is_reported then part.part_code end) as reported_count,
        {{ any_true('part.is_part_illustrative') }} as is_part_illustrative,
        max(part.correction) as correction,
        {% for measure in money + counts %}
        {{ exact_sum('case when part.has_' ~ measure ~ ' then part.' ~ measure ~ ' end') }}
            as {{ measure }},
        count(case when part.has_{{ measure }} then part.part_code end)
            as {{ measure }}_reported_count,
        {{ exact_sum(
            'case when ' ~ is_among(measure, 'part.imputed_measures')
            ~ ' then abs(part.' ~ measure ~ ') else 0 end'
        ) }} as {{ measure }}_imputed,
        {{ exact_sum('abs(part.' ~ measure ~ ')') }} as {{ measure }}_gross,
        count(case when {{ is_among(measure, 'part.suppressed_measures') }} then part.part_code end)
            as {{ measure }}_suppressed_count,
        {{ "false" if measure in signed else any_true("part." ~ measure ~ " < 0") }}
            as is_{{ measure }}_negative,
        {% endfor %}
        {% for ratio in ratios %}
        {% set both = 'part.has_' ~ ratio.numerator ~ ' and part.has_' ~ ratio.denominator %}
        count(case when {{ both }} then part.part_code end) as {{ ratio.name }}_reported_count,
        {{ exact_sum('case when ' ~ both ~ ' then part.' ~ ratio.numerator ~ ' end') }}
            as {{ ratio.name }}_numerator,
        {{ exact_sum('case when ' ~ both ~ ' then part.' ~ ratio.denominator ~ ' end') }}
            as {{ ratio.name }}_denominator,
        {% endfor %}
        max(part.known_on) as known_on
    from {{ ref('int_performance__input') }} as part
    group by {{ columns('part', key) }}
),

reasoned as (
    select
        sums.*,
        {% for measure in money + counts %}
        {{ first_reason([
            [
                "sums.part_count = 0",
                "case when sums.part_kind = 'members' then " ~ reason('not_applicable')
                ~ " else " ~ reason('missing_input') ~ " end",
            ],
            [
                'sums.has_several_currencies' if measure in money else 'false',
                reason('unit_break'),
            ],
            [is_pending('sums.correction'), reason('correction_pending')],
            ["sums." ~ measure ~ "_suppressed_count > 0", reason('confidential_input')],
            ["sums." ~ measure ~ "_reported_count = 0", reason('missing_input')],
            ["sums.is_" ~ measure ~ "_negative", reason('negative_input')],
            [
                "sums." ~ measure ~ "_reported_count < "
                ~ var("member_coverage") ~ " * sums.part_count",
                reason('incomplete_coverage'),
            ],
            ["sums." ~ measure ~ " is null", reason('none_occurs')],
        ]) }} as {{ measure }}_reason_code,
        {% endfor %}
        {% for ratio in ratios %}
        {% set is_money = ratio.numerator in money or ratio.denominator in money %}
        {{ first_reason([
            [
                "sums.part_count = 0",
                "case when sums.part_kind = 'members' then " ~ reason('not_applicable')
                ~ " else " ~ reason('missing_input') ~ " end",
            ],
            [
                'sums.has_several_currencies' if is_money else 'false',
                reason('unit_break'),
            ],
            [is_pending('sums.correction'), reason('correction_pending')],
            [
                "sums." ~ ratio.name ~ "_reported_count = 0 and sums." ~ ratio.numerator
                ~ "_suppressed_count + sums." ~ ratio.denominator ~ "_suppressed_count > 0",
                reason('confidential_input'),
            ],
            [
                "sums." ~ ratio.denominator ~ "_reported_count > sums." ~ ratio.name
                ~ "_reported_count" if ratio.get('needs_all') else 'false',
                reason('incomplete_coverage'),
            ],
            ["sums." ~ ratio.name ~ "_reported_count = 0", reason('missing_input')],
            [
                "sums.is_" ~ ratio.numerator ~ "_negative or sums.is_" ~ ratio.denominator
                ~ "_negative or sums." ~ ratio.name ~ "_denominator < 0",
                reason('negative_input'),
            ],
            ["coalesce(sums." ~ ratio.name ~ "_denominator, 0) = 0", reason('zero_denominator')],
            [
                'false' if ratio.get('needs_all') else "sums." ~ ratio.name ~ "_numerator is null",
                reason('none_occurs'),
            ],
            [
                "sums." ~ ratio.name ~ "_numerator > sums." ~ ratio.name ~ "_denominator"
                if ratio.get('is_share') else 'false',
                reason('contradictory_input'),
            ],
        ]) }} as {{ ratio.name }}_reason_code,
        {% endfor %}
        sums.part_count = 0 as is_empty
    from sums
),

final as (
    select
        {{ columns('reasoned', key) }},
        {{ is_leading_world('reasoned', ['cluster_code', 'year', 'part_kind']) }} as is_leading,
        reasoned.country_code,
        reasoned.region_code,
        reasoned.stated_unit_code,
        reasoned.unit_code,
        reasoned.has_several_currencies,
        reasoned.part_count,
        reasoned.reported_count,
        reasoned.is_part_illustrative,
        reasoned.correction,
        {% for measure in money + counts %}
        reasoned.{{ measure }} as {{ measure }}_known,
        case when reasoned.{{ measure }}_reason_code is null then reasoned.{{ measure }} end
            as {{ measure }},
        reasoned.{{ measure }}_reason_code,
        reasoned.{{ measure }}_reported_count,
        {{ computed(ratio(
            '1.0 * reasoned.' ~ measure ~ '_reported_count', 'reasoned.part_count'
        )) }} as {{ measure }}_coverage,
        {{ computed(ratio(
            'reasoned.' ~ measure ~ '_imputed', 'reasoned.' ~ measure ~ '_gross'
        )) }} as {{ measure }}_imputed_share,
        {{ computed(ratio(
            '1.0 * reasoned.' ~ measure ~ '_suppressed_count', 'reasoned.part_count'
        )) }} as {{ measure }}_suppressed_share,
        {% endfor %}
        {% for ratio_ in ratios %}
        case
            when reasoned.{{ ratio_.name }}_reason_code is null
                then {{ scaled_ratio(
                    'coalesce(reasoned.' ~ ratio_.name ~ '_numerator, 0)',
                    'reasoned.' ~ ratio_.name ~ '_denominator',
                    ratio_.times
                ) }}
        end as {{ ratio_.name }},
        reasoned.{{ ratio_.name }}_reason_code,
        reasoned.{{ ratio_.name }}_reported_count,
        {{ computed(ratio(
            '1.0 * reasoned.' ~ ratio_.name ~ '_reported_count', 'reasoned.part_count'
        )) }} as {{ ratio_.name }}_coverage,
        {% endfor %}
        reasoned.known_on
    from reasoned
)

select * from final
