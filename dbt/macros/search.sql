{# Search by words: how texts are evened out, what counts as the same word, and marts.find. #}

{# Lower case, ё as е, Latin letters that look Cyrillic as Cyrillic (in both texts, so that English
   words still meet), everything else than letters and digits as one blank, blanks at both ends. #}
{% macro folded(text) -%}
    ' ' || trim(regexp_replace(
        translate(
            lower(nfc_normalize({{ text }})),
            'ёaceopxykmhtbi',
            'еасеорхукмнтві'
        ),
        '[^\p{L}\p{N}]+', ' ', 'g'
    )) || ' '
{%- endmacro %}

{# A word of a question without its Russian or English ending; at least four letters stay. What it
   is looked for in keeps its endings: a word is found where one begins with its stem. #}
{% macro word_stem(word) -%}
    {%- set endings = [
        'иями', 'ями', 'ами', 'иях', 'ях', 'ах', 'ого', 'его', 'ому', 'ему', 'ыми', 'ими', 'ией',
        'ием', 'ая', 'яя', 'ое', 'ее', 'ые', 'ие', 'ый', 'ий', 'ой', 'ей', 'ую', 'юю', 'ых', 'их',
        'ым', 'им', 'ом', 'ем', 'ам', 'ям', 'ов', 'ев', 'ия', 'ии', 'ию', 'а', 'я', 'о', 'е', 'ы',
        'и', 'у', 'ю', 'ь', 'й', 'еs', 's',
    ] -%}
    regexp_replace({{ word }}, '^(.{4,}?)({{ endings | join("|") }})$', '\1')
{%- endmacro %}

{% macro word_stems(text) -%}
    list_transform(
        list_filter(string_split({{ folded(text) }}, ' '), lambda word: word <> ''),
        lambda word: {{ word_stem('word') }}
    )
{%- endmacro %}

{# every word of the question begins a word of the text; no words find nothing #}
{% macro has_all_words(text, stems) -%}
    (
        len({{ stems }}) > 0
        and len(list_filter(
            {{ stems }}, lambda stem: not contains({{ text }}, ' ' || stem)
        )) = 0
    )
{%- endmacro %}

{% macro sorted_codes(code) -%}
    list({{ code }} order by {{ code }})
{%- endmacro %}

{% macro without_list() -%}
    cast([] as varchar[])
{%- endmacro %}

{% macro create_find() -%}
    create or replace macro {{ this.schema }}.find(
        query,
        region := null, activity := null, status := null, axes := [], member := null,
        country := null
    ) as table (
        with asked as (
            select
                {{ word_stems('cast(query as varchar)') }} as query_stems,
                {{ word_stems('cast(member as varchar)') }} as member_stems
        ),

        found as (
            select
                cluster.*,
                case
                    when query is null then null
                    when {{ has_all_words('cluster.name_text', 'asked.query_stems') }} then 'name'
                    when {{ has_all_words(
                        'cluster.name_text || cluster.about_text', 'asked.query_stems'
                    ) }} then 'about'
                    when {{ has_all_words(
                        'cluster.name_text || cluster.about_text || '
                        ~ "array_to_string(cluster.member_texts, '')",
                        'asked.query_stems'
                    ) }} then 'member'
                end as found_in
            from {{ this.include(database=false) }} as cluster
            cross join asked
            where
                (region is null or list_contains(cluster.region_codes, region))
                and (activity is null or list_contains(cluster.activity_codes, activity))
                and (status is null or cluster.status_code = status)
                and (country is null or cluster.country_code = country)
                and list_has_all(cluster.axis_value_codes, cast(axes as varchar[]))
                and (
                    member is null
                    or len(list_filter(
                        cluster.member_texts,
                        lambda text: {{ has_all_words('text', 'asked.member_stems') }}
                    )) > 0
                )
        )

        select
            found.cluster_id,
            found.name_ru,
            found.name_en,
            found.country_code,
            found.home_region_code,
            found.status_code,
            found.kind_code,
            found.member_count,
            found.found_in,
            found.is_illustrative
        from found
        where query is null or found.found_in is not null
        order by
            case found.found_in when 'name' then 0 when 'about' then 1 else 2 end,
            found.cluster_id,
            found.is_illustrative
    )
{%- endmacro %}

{% macro comment_on_find() -%}
    comment on macro table {{ this.schema }}.find is
    'find(words, region := …, activity := …, status := …, axes := [''scale.regional''], member := …, country := …): clusters of today that fit; NULL as words is any.'
{%- endmacro %}
