"""The questions of docs/how-to/query.md; run as a module it writes their answers anew."""

from __future__ import annotations

import io
import re
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from tests.samples import published_samples
from warehouse import cli, publish
from warehouse.settings import PROJECT, Settings

PAGE = PROJECT / "docs" / "how-to" / "query.md"
_QUESTION = re.compile(
    r"^## (?P<title>\d+\. .+?)\n(?P<lead>.*?)```sql\n(?P<sql>.*?)\n```\n"
    r"(?:\n```text\n(?P<answer>.*?)```\n)?",
    re.M | re.S,
)


@dataclass(frozen=True)
class Question:
    """A question of the page, its SQL, and the answer that is printed there."""

    title: str
    sql: str
    answer: str


def questions() -> list[Question]:
    found = _QUESTION.finditer(PAGE.read_text(encoding="utf-8"))
    return [Question(m["title"], m["sql"], m["answer"] or "") for m in found]


def ask(sql: str, published: Path) -> tuple[list[str], list[tuple[object, ...]], str]:
    """Column names, rows, and the table as the command line prints it."""
    names, rows = publish.query(Settings(home=published.parent), sql)
    text = io.StringIO()
    with redirect_stdout(text):
        cli._print_table(names, rows)
    lines = [line.rstrip() for line in text.getvalue().splitlines()]
    return names, rows, "\n".join(lines) + "\n"


def main() -> None:
    published = published_samples()

    def answered(match: re.Match[str]) -> str:
        _, _, text = ask(match["sql"], published)
        asked = f"## {match['title']}\n{match['lead']}```sql\n{match['sql']}\n```\n"
        return f"{asked}\n```text\n{text}```\n"

    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(_QUESTION.sub(answered, page), encoding="utf-8")


if __name__ == "__main__":
    main()
