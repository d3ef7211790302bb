"""The page of questions: each query answers on the samples as the page prints it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.analyst.query_guide import Question, ask, questions


def test_there_are_fifteen_questions_in_order() -> None:
    assert [int(question.title.split(".")[0]) for question in questions()] == list(range(1, 16))


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.title[:40])
def test_a_question_is_answered_as_printed(question: Question, published: Path) -> None:
    names, rows, text = ask(question.sql, published)
    assert rows
    empty = [name for place, name in enumerate(names) if all(row[place] is None for row in rows)]
    assert empty in ([], ["missing_regions"])
    assert text == question.answer, "python -m tests.analyst.query_guide writes the answers anew"
