{% test no_overlap(model, columns) %}

{# of the rows of a key, each ends before the next begins #}
with followed as (
    select
        {{ columns | join(", ") }},
        valid_from,
        valid_to,
        lead(valid_from) over (
            partition by {{ columns | join(", ") }} order by valid_from
        ) as next_valid_from
    from {{ model }}
)

select * from followed
where
    valid_to < valid_from
    or (next_valid_from is not null and coalesce(valid_to, next_valid_from) >= next_valid_from)

{% endtest %}
