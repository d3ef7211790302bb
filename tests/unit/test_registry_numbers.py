"""Registry numbers: real ones pass, every single wrong digit is seen, stored form only."""

from __future__ import annotations

import pytest

from warehouse.forms.registry_numbers import (
    COUNTRY_KINDS,
    known_form,
    kz_check_digit,
    problem_of,
)

REAL = [
    ("BY", "100325912"),  # of banks, makers and web companies, as they are printed in public
    ("BY", "600122610"),
    ("BY", "200988541"),
    ("BY", "591705582"),
    ("KZ", "941240000193"),
    ("KZ", "971240001315"),
    ("KZ", "940140000385"),
    ("KZ", "181240006529"),
    ("RU", "7743001840"),
    ("RU", "7707083893"),
    ("RU", "7736207543"),
]
EXAMPLES = [
    ("BY", "MA1953684"),  # of a person, the example of python-stdnum
    ("RU", "500100732259"),  # of a person, the example of the tax office
    ("DE", "HRB-12345"),
]


@pytest.mark.parametrize(("country", "number"), [*REAL, *EXAMPLES])
def test_a_real_number_has_no_problem(country: str, number: str) -> None:
    assert problem_of(country, number) is None


def one_digit_wrong(number: str) -> list[tuple[int, str]]:
    return [
        (at, number[:at] + other + number[at + 1 :])
        for at, digit in enumerate(number)
        for other in "0123456789"
        if other != digit
    ]


@pytest.mark.parametrize(("country", "number"), REAL)
def test_one_wrong_digit_is_seen_where_the_rule_can_see_it(country: str, number: str) -> None:
    missed = [
        (at, wrong) for at, wrong in one_digit_wrong(number) if problem_of(country, wrong) is None
    ]
    # Russia turns a rest of 10 into 0; the first weights of Kazakhstan are blind to digit 11
    blind = {"BY": 0, "RU": 9, "KZ": 13}[country]
    assert len(missed) <= blind, missed
    assert all(at < len(number) - 1 for at, _ in missed)
    if country == "KZ":
        assert sum(at != 10 for at, _ in missed) <= 4, missed


@pytest.mark.parametrize(
    ("country", "number", "says"),
    [
        ("BY", "100325913", "check digit"),
        ("BY", "10032591", "9 digits"),
        ("BY", "1003259120", "9 digits"),
        ("BY", "800325912", "9 digits"),  # no region has the digit 8
        ("BY", "МА1953684", "Latin"),  # Cyrillic letters: another text for the same person
        ("BY", "УНП100325912", "9 digits"),
        ("BY", "100 325 912", "9 digits"),
        ("BY", "", "9 digits"),
        ("KZ", "941240000194", "check digit"),
        ("KZ", "94124000019", "12 digits"),
        ("KZ", "941340000190", "year and a month"),
        ("KZ", "941270000190", "year and a month"),  # neither a kind of entity nor a day
        ("KZ", "000000000000", "year and a month"),
        ("KZ", "99022910001", "12 digits"),
        ("KZ", "٩٤١٢٤٠٠٠٠١٩٣", "12 digits"),  # digits, but not those that are stored
        ("RU", "7736207544", "check digit"),
        ("RU", "0000000000", "10 digits"),
        ("RU", "500100732250", "check digit"),
        ("RU", "77362075431", "10 digits"),
        ("DE", "Muster GmbH", "Latin letters and digits"),
        ("DE", "ABC", "Latin letters and digits"),
    ],
)
def test_a_wrong_number_is_told_what_it_should_be(country: str, number: str, says: str) -> None:
    problem = problem_of(country, number)
    assert problem is not None and says in problem


def test_a_number_of_one_country_is_none_of_another() -> None:
    for country, number in REAL:
        for other in set(COUNTRY_KINDS) - {country}:
            assert problem_of(other, number) is not None, (other, number)


def test_the_second_weights_count_when_the_first_give_ten() -> None:
    # first 9·1 + 1·4 + 4·5 + 1·10 = 43 = 3·11 + 10, then 9·3 + 1·6 + 4·7 + 1·1 = 62 = 5·11 + 7
    assert kz_check_digit("90014000010") == "7"
    assert problem_of("KZ", "900140000107") is None
    assert kz_check_digit("90014000017") is None  # 120 and 76 both leave 10


def test_a_number_that_is_never_given_is_refused() -> None:
    assert all(problem_of("KZ", "90014000017" + last) for last in "0123456789")


def test_an_iin_must_begin_with_a_day_of_its_century() -> None:
    def whole(digits: str) -> str:
        return digits + str(kz_check_digit(digits))

    assert problem_of("KZ", whole("00022950000")) is None  # 29 February 2000
    assert problem_of("KZ", whole("99022930000")) is not None  # 1999 had none
    assert problem_of("KZ", whole("00022910002")) is not None  # nor had 1800
    assert problem_of("KZ", whole("99010180000")) is not None  # no century 8


@pytest.mark.parametrize(
    ("country", "number", "whole"),
    [
        ("KZ", "20240000012", "020240000012"),
        ("KZ", "941240000193", "941240000193"),
        ("RU", "105011233", "0105011233"),
        ("RU", "50100732259", "050100732259"),
        ("BY", "100325912", "100325912"),
        ("BY", "1003259120", "1003259120"),
        ("DE", "123", "123"),
    ],
)
def test_leading_zeros_come_back(country: str, number: str, whole: str) -> None:
    assert known_form(country, number) == whole
