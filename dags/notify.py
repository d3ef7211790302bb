"""Carries news to the log, a file, a webhook, a mailbox: late sources, finished reports."""

from __future__ import annotations

import html
import logging
import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from airflow.sdk import Connection
from airflow.sdk.exceptions import AirflowNotFoundException, AirflowSkipException

from warehouse import disk
from warehouse.settings import Settings

Late = list[dict[str, Any]]

WEBHOOK = "warehouse_webhook"
SMTP = "warehouse_smtp"
TIMEOUT_SECONDS = 20

log = logging.getLogger(__name__)


def record(settings: Settings, late: Late, today: date) -> Path:
    """Write each late source to the log and all of them to a file below the home.

    Returns:
        The file, one per day.
    """
    for source in late:
        log.warning("Late: %s", source["message"])
    path = settings.home / "notifications" / f"{today.isoformat()}-late-sources.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    disk.write_json(path, late)
    return path


def post_webhook(late: Late) -> None:
    """POST the news as JSON: `text` for chat systems, `late_sources` for programs.

    Raises:
        AirflowSkipException: No webhook is set up.
        RuntimeError: It did not accept the news.
    """
    post({"text": "\n".join([_subject(late), *_lines(late)]), "late_sources": late})


def post(body: dict[str, Any]) -> None:
    """POST a body as JSON to the webhook.

    Raises:
        AirflowSkipException: No webhook is set up.
        RuntimeError: It did not accept the news.
    """
    import httpx

    url = _webhook_url()
    try:
        answer = httpx.post(url, json=body, timeout=TIMEOUT_SECONDS)
        answer.raise_for_status()
    except httpx.HTTPStatusError as error:
        # The URL often holds the secret: it stays out of the log.
        status = error.response.status_code
        raise RuntimeError(f"The webhook answered {status}: news not delivered.") from None
    except httpx.HTTPError as error:
        raise RuntimeError(f"No answer from the webhook ({type(error).__name__}).") from None


def send_mail(late: Late) -> None:
    """Mail the news to `WAREHOUSE_NOTIFY_TO` through the connection `warehouse_smtp`.

    Raises:
        AirflowSkipException: Mail is not set up.
    """
    recipients = [part.strip() for part in os.environ.get("WAREHOUSE_NOTIFY_TO", "").split(",")]
    recipients = [recipient for recipient in recipients if recipient]
    if not recipients or not has_mail():
        raise AirflowSkipException(f"Mail needs WAREHOUSE_NOTIFY_TO and the connection {SMTP}.")
    items = "".join(f"<li>{html.escape(line)}</li>" for line in _lines(late))
    mail(recipients, _subject(late), f"<ul>{items}</ul>")


def has_mail() -> bool:
    """Whether there is a connection for mail."""
    return _connection(SMTP) is not None


def mail(recipients: Sequence[str], subject: str, content: str, files: Sequence[str] = ()) -> None:
    """Send a mail with files through the connection `warehouse_smtp`."""
    from airflow.providers.smtp.hooks.smtp import SmtpHook

    with SmtpHook(smtp_conn_id=SMTP) as hook:
        hook.send_email_smtp(
            to=list(recipients), subject=subject, html_content=content, files=list(files)
        )


def _subject(late: Late) -> str:
    return f"{len(late)} late source{'s' if len(late) > 1 else ''}"


def _lines(late: Late) -> list[str]:
    return [source["message"] for source in late]


def _webhook_url() -> str:
    connection = _connection(WEBHOOK)
    url = os.environ.get("WAREHOUSE_WEBHOOK_URL") or (connection and connection.password)
    if not url:
        raise AirflowSkipException(f"No WAREHOUSE_WEBHOOK_URL and no connection {WEBHOOK}.")
    return url


def _connection(name: str) -> Connection | None:
    try:
        return Connection.get(name)
    except AirflowNotFoundException:
        return None
