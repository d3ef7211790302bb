"""Carries finished reports to a webhook and to mailboxes, with what is new in them."""

from __future__ import annotations

import html
import os
from pathlib import Path
from typing import Any

from airflow.sdk.exceptions import AirflowSkipException

from dags import notify

Made = list[dict[str, Any]]
MOST_BYTES = 15 * 1024**2
"""Larger attachments are left out: many mail servers take no more."""


def post_webhook(made: Made) -> None:
    """POST each report as JSON: `text` for chat systems, `report` for programs.

    Raises:
        AirflowSkipException: No webhook is set up.
        RuntimeError: It did not accept the news.
    """
    for one in made:
        notify.post({"text": "\n".join([subject(one), *lines(one)]), "report": one})


def send_mail(made: Made) -> None:
    """Mail each report with its PDF to `WAREHOUSE_REPORT_TO` through `warehouse_smtp`.

    Raises:
        AirflowSkipException: Mail is not set up.
    """
    named = os.environ.get("WAREHOUSE_REPORT_TO", "").split(",")
    recipients = [part.strip() for part in named if part.strip()]
    if not recipients or not notify.has_mail():
        raise AirflowSkipException(
            f"Mail needs WAREHOUSE_REPORT_TO and the connection {notify.SMTP}."
        )
    for one in made:
        attached = attachments(Path(one["folder"]))
        said = lines(one)
        if len(attached) < len(list(Path(one["folder"]).glob("*.pdf"))):
            said.append(f"PDF: {one['folder']}")
        items = "".join(f"<li>{html.escape(line)}</li>" for line in said)
        notify.mail(recipients, subject(one), f"<ul>{items}</ul>", attached)


def attachments(folder: Path) -> list[str]:
    """The PDFs of a report, as long as they are not too large together."""
    found: list[str] = []
    size = 0
    for path in sorted(folder.glob("*.pdf")):
        size += path.stat().st_size
        if size > MOST_BYTES:
            break
        found.append(str(path))
    return found


def subject(one: dict[str, Any]) -> str:
    """What the message is about."""
    if one["languages"][0] == "ru":
        return f"Мониторинг кластеров: отчёт за {one['year']} год ({one['scope']})"
    return f"Cluster monitoring: report of {one['year']} ({one['scope']})"


def lines(one: dict[str, Any]) -> list[str]:
    """What is missing, what is new since the year before, what since the last build."""
    language = one["languages"][0]
    is_russian = language == "ru"
    said = [f"{'Неполно' if is_russian else 'Incomplete'}: {gap}" for gap in one["missing"]]
    said += one["changes"]["since_year"][language]
    since = one["changes"]["since_build"]
    if since["against"]:
        counts = (since["changed"], since["added"], since["removed"])
        if is_russian:
            text = "С прошлой сборки ({}): изменено {}, добавлено {}, убрано {}"
        else:
            text = "Since the last build ({}): {} changed, {} added, {} removed"
        said.append(text.format(since["against"], *counts))
        said += since["examples"]
    return said
