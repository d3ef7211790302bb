{{ config(materialized='view') }}

-- commitments and payments are two numbers
with final as (
    {{ cluster_figures(ref('int_support__computed'), 'support', ref('regions'), [
        {
            'indicator_code': "'SUP_AMT'",
            'base_indicator_code': "'support_paid'",
            'value': 'support.paid_amount',
            'reason_code': 'support.paid_amount_reason_code',
            'method_version': "'amount=paid'",
            'coverage': 'support.paid_amount_coverage',
            'unit_code': 'support.unit_code',
        },
        {
            'indicator_code': "'SUP_AMT'",
            'base_indicator_code': "'support_committed'",
            'value': 'support.committed_amount',
            'reason_code': 'support.committed_amount_reason_code',
            'method_version': "'amount=committed'",
            'coverage': 'support.committed_amount_coverage',
            'unit_code': 'support.unit_code',
            'is_primary': 'false',
        },
        {
            'indicator_code': "'SUP_INT'",
            'base_indicator_code': "'support_paid'",
            'value': 'support.paid_per_member',
            'reason_code': 'support.paid_per_member_reason_code',
            'method_version': "'amount=paid;per=member'",
            'coverage': 'support.paid_amount_coverage',
            'unit_code': per_person('support.unit_code'),
        },
        {
            'indicator_code': "'SUP_INT'",
            'base_indicator_code': "'support_paid'",
            'value': 'support.paid_per_job',
            'reason_code': 'support.paid_per_job_reason_code',
            'method_version': "'amount=paid;per=job'",
            'coverage': 'support.paid_amount_coverage',
            'unit_code': per_person('support.unit_code'),
            'is_primary': 'false',
        },
        {
            'indicator_code': "'SUP_LEV'",
            'base_indicator_code': "'support_paid'",
            'value': 'support.leverage',
            'reason_code': 'support.leverage_reason_code',
            'method_version': "'public=paid;unit=' || support.unit_code",
            'coverage': 'support.private_amount_coverage',
        },
    ], {'vintage_on': 'support.known_on'}, "support.instrument_code = '" ~ var('total_code') ~ "'")
    }}
)

select * from final
