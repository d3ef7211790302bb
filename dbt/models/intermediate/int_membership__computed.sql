{% set key = ['cluster_code', 'is_illustrative', 'year'] %}
{% set cuts = var('organisation_level_cuts') %}
{% set at_end = 'member.organisation_id is not null and member.is_at_end' %}

with members as (
    select
        {{ columns('member', key) }},
        max(member.country_code) as country_code,
        max(member.region_code) as region_code,
        {{ any_true('member.is_listed') }} as is_listed,
        max(member.team_fte) as team_fte,
        max(member.confirmed_count) as confirmed_count,
        max(member.label_code) as label_code,
        count(distinct case when {{ at_end }} then member.organisation_id end) as member_count,
        count(distinct case when member.is_at_start then member.organisation_id end)
            as member_count_at_start,
        count(distinct case when not member.is_at_start then member.organisation_id end)
            as joined_count,
        count(distinct case when not member.is_at_end then member.organisation_id end)
            as left_count,
        count(distinct case when {{ at_end }} then member.type_code end) as type_count,
        {% for name, condition in {
            'typed': 'member.type_code is not null',
            'sized': 'member.size_code is not null',
            'sme': 'member.is_sme',
            'located': 'member.is_outside_home is not null',
            'outside_home': 'member.is_outside_home',
        }.items() %}
        count(distinct case
            when {{ at_end }} and {{ condition }} then member.organisation_id
        end) as {{ name }}_count,
        {% endfor %}
        {% for types in var('helix_types') %}
        {{ any_true(
            at_end ~ " and member.type_code in ('" ~ types | join("', '") ~ "')"
        ) }} as has_strand_{{ loop.index }},
        {% endfor %}
        max(member.label_valid_to) as label_valid_to
    from {{ ref('int_membership__input') }} as member
    group by {{ columns('member', key) }}
),

reasoned as (
    select
        members.*,
        {% for types in var('helix_types') %}
        {{- "+ " if not loop.first }}cast(members.has_strand_{{ loop.index }} as integer)
        {% endfor %} as helix_count,
        case when not members.is_listed then {{ reason('missing_input') }} end
            as member_reason_code,
        {{ first_reason([
            ["members.member_count + members.member_count_at_start = 0", reason('zero_denominator')],
        ]) }} as churn_reason_code,
        {{ first_reason([
            ["members.member_count = 0", reason('not_applicable')],
            ["members.typed_count < members.member_count", reason('incomplete_coverage')],
        ]) }} as mix_reason_code,
        {{ first_reason([
            ["members.member_count = 0", reason('not_applicable')],
            ["members.sized_count < members.member_count", reason('incomplete_coverage')],
        ]) }} as sme_share_reason_code,
        {{ first_reason([
            ["members.member_count = 0", reason('not_applicable')],
            ["members.located_count < members.member_count", reason('incomplete_coverage')],
        ]) }} as outside_home_share_reason_code,
        {{ first_reason([
            ["members.team_fte is null", reason('missing_input')],
            ["members.team_fte < 0", reason('negative_input')],
        ]) }} as team_reason_code,
        {{ first_reason([
            [
                "false" if cuts else "true",
                reason('undefined_threshold'),
            ],
            ["members.confirmed_count is null", reason('missing_input')],
        ]) }} as level_reason_code,
        {{ first_reason([
            ["members.label_code is null", reason('none_occurs')],
            [label_number("members.label_code") ~ " is null", reason('not_defined')],
        ]) }} as label_reason_code
    from members
),

final as (
    select
        {{ columns('reasoned', key) }},
        {{ is_leading_world('reasoned', ['cluster_code', 'year']) }} as is_leading,
        reasoned.country_code,
        reasoned.region_code,
        reasoned.member_count,
        reasoned.member_reason_code,
        reasoned.member_count_at_start,
        reasoned.joined_count,
        reasoned.left_count,
        reasoned.typed_count,
        reasoned.type_count,
        reasoned.sized_count,
        reasoned.sme_count,
        reasoned.located_count,
        reasoned.outside_home_count,
        reasoned.helix_count,
        case
            when reasoned.mix_reason_code is not null then null
            when reasoned.helix_count = {{ var('helix_types') | length }} then 1
            else 0
        end as triple_helix,
        reasoned.mix_reason_code,
        case
            when reasoned.churn_reason_code is null
                then {{ churn_pct(
                    'reasoned.joined_count', 'reasoned.left_count',
                    'reasoned.member_count_at_start', 'reasoned.member_count'
                ) }}
        end as churn_pct,
        reasoned.churn_reason_code,
        {% for name, part in [('joined_pct', 'joined_count'), ('left_pct', 'left_count')] %}
        case
            when reasoned.churn_reason_code is null
                then {{ stock_flow_pct(
                    'reasoned.' ~ part, 'reasoned.member_count_at_start', 'reasoned.member_count'
                ) }}
        end as {{ name }},
        {% endfor %}
        case
            when reasoned.sme_share_reason_code is null
                then {{ share_pct('reasoned.sme_count', 'reasoned.member_count') }}
        end as sme_share_pct,
        reasoned.sme_share_reason_code,
        case
            when reasoned.outside_home_share_reason_code is null
                then {{ share_pct('reasoned.outside_home_count', 'reasoned.member_count') }}
        end as outside_home_share_pct,
        reasoned.outside_home_share_reason_code,
        case when reasoned.team_reason_code is null then reasoned.team_fte end as team_fte,
        reasoned.team_reason_code,
        reasoned.confirmed_count,
        {% if cuts %}
        case
            when reasoned.level_reason_code is null
                then {{ level_by_cuts('reasoned.confirmed_count', cuts) }}
        end as level_number,
        {% else %}
        cast(null as integer) as level_number,
        {% endif %}
        reasoned.level_reason_code,
        reasoned.label_code,
        reasoned.label_valid_to,
        {{ label_number('reasoned.label_code') }} as label_number,
        reasoned.label_reason_code
    from reasoned
)

select * from final
