-- a value without a parent is a whole of its own kind (a methodology, persons of 15 and over);
-- one with a parent is a part, and parts have no place in yearly figures
with roots as (
    select dimension.dimension_code || '=' || dimension.value_code as entry
    from {{ ref('dimension_values') }} as dimension
    where dimension.parent_code is null
),

keys as (
    select distinct latest.breakdown_key
    from {{ ref('int_observation__latest') }} as latest
),

entries as (
    select
        keys.breakdown_key,
        {{ each_part('keys.breakdown_key') }} as entry
    from keys
),

final as (
    select entries.breakdown_key
    from entries
    left join roots on entries.entry = roots.entry
    group by entries.breakdown_key
    having {{ all_true("entries.entry = '' or roots.entry is not null") }}
)

select * from final
