"""The yearly report: made once per build, sent to whoever is to have it, red when that fails."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.header import decode_header, make_header
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from aiosmtpd.controller import Controller

from warehouse.reports.make import Made, Request

pytestmark = [pytest.mark.airflow, pytest.mark.usefixtures("airflow_db")]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """A report as `make_report` leaves it, without the work."""
    folder = tmp_path / "2024" / "BY"
    folder.mkdir(parents=True)
    for language in ("ru", "en"):
        (folder / f"report-{language}.pdf").write_bytes(b"%PDF-1.7 " + language.encode())
    since_build = {
        "against": "b1",
        "added": 1,
        "removed": 0,
        "changed": 2,
        "examples": ["x: 1 → 2"],
    }
    return Made(
        folder=str(folder),
        year=2024,
        scope="BY",
        languages=("ru", "en"),
        build_id="b2",
        missing=("нет <отчёта>",),
        page_count=2,
        figure_count=3,
        has_explorer_sql=False,
        changes={"since_year": {"ru": ["ВРП: 2 (в 2023 году — 1)"]}, "since_build": since_build},
    )


@pytest.fixture
def asked(monkeypatch, made, home) -> list[Request]:
    """Reports that are made: a request for each country is due, and noted instead of made."""
    found: list[Request] = []
    home.home.mkdir()
    home.published.touch()

    def note(settings, request):
        found.append(request)
        return made

    monkeypatch.setattr("warehouse.reports.make.make_report", note)
    monkeypatch.setattr("warehouse.reports.make.made_before", lambda settings, request: None)
    due = [Request(year=2024, country="BY"), Request(year=2023, country="KZ")]
    monkeypatch.setattr("warehouse.reports.wanted.reports_due", lambda settings: due)
    return found


@pytest.fixture
def webhook() -> Iterator[ThreadingHTTPServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.server.received.append(json.loads(body))
            self.send_response(self.server.status)
            self.end_headers()

        def log_message(self, *arguments):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.received, server.status = [], 204
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


class Mailbox:
    """Takes every mail."""

    def __init__(self) -> None:
        self.received: list[tuple[list[str], bytes]] = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.received.append((envelope.rcpt_tos, envelope.content))
        return "250 taken"


@pytest.fixture
def mailbox(monkeypatch) -> Iterator[Mailbox]:
    box = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    extra = {"disable_tls": True, "disable_ssl": True, "from_email": "warehouse@example.org"}
    connection = {"conn_type": "smtp", "host": "127.0.0.1", "port": port, "extra": extra}
    monkeypatch.setenv("AIRFLOW_CONN_WAREHOUSE_SMTP", json.dumps(connection))
    monkeypatch.setenv("WAREHOUSE_REPORT_TO", "one@example.org, two@example.org")
    yield box
    controller.stop()


NOTHING = dict.fromkeys(("year", "country", "region", "cluster", "lang")) | {"incomplete": False}


def states(bag, **conf) -> tuple[str, dict[str, str]]:
    dag = bag.dags["yearly_report"]
    for task in dag.tasks:
        task.retries = 0
    run = dag.test(run_conf=NOTHING | conf)
    return run.state, {task.task_id: str(task.state) for task in run.get_task_instances()}


def test_without_a_warehouse_there_is_nothing_to_do(bag, home):
    assert not home.published.exists()
    state, tasks = states(bag)
    assert (state, set(tasks.values())) == ("success", {"skipped"})


def test_each_country_gets_its_newest_complete_year(bag, home, asked):
    state, tasks = states(bag)
    assert state == "success"
    assert asked == [Request(year=2024, country="BY"), Request(year=2023, country="KZ")]
    done = (tasks["make"], tasks["post_webhook"], tasks["send_mail"])
    assert done == ("success", "skipped", "skipped")


@pytest.fixture
def address(webhook, monkeypatch) -> str:
    url = f"http://127.0.0.1:{webhook.server_port}/x"
    monkeypatch.setenv("WAREHOUSE_WEBHOOK_URL", url)
    return url


@pytest.mark.usefixtures("home", "address")
def test_what_was_asked_for_is_made_and_delivered(bag, asked, webhook, mailbox):
    state, tasks = states(bag, year=2023, cluster="BY-C01", lang="en", incomplete=True)
    wanted = Request(year=2023, cluster="BY-C01", languages=("en",), takes_incomplete=True)
    assert asked == [wanted]
    assert (state, set(tasks.values())) == ("success", {"success"})
    assert (len(webhook.received), len(mailbox.received)) == (1, 1)


@pytest.mark.usefixtures("home", "address")
def test_a_report_of_this_build_is_not_sent_again(bag, asked, made, webhook, monkeypatch):
    known = replace(made, is_new=False)
    monkeypatch.setattr("warehouse.reports.make.made_before", lambda settings, request: known)
    state, tasks = states(bag)
    assert (state, tasks["make"], tasks["choose"]) == ("success", "success", "skipped")
    assert (asked, webhook.received) == ([], [])


def test_an_incomplete_year_is_red(bag, home, asked, monkeypatch):
    from warehouse.errors import Code, WarehouseError

    def refuse(settings, request):
        raise WarehouseError.of(Code.REPORT_INCOMPLETE, expected="a", found="b", action="c")

    monkeypatch.setattr("warehouse.reports.make.make_report", refuse)
    state, tasks = states(bag, year=2025)
    assert (state, tasks["make"], tasks["choose"]) == ("failed", "failed", "skipped")


@pytest.mark.usefixtures("home", "address")
def test_a_country_whose_report_fails_leaves_the_others_theirs(
    bag, asked, made, webhook, monkeypatch
):
    def fail(settings, request):
        if request.country == "BY":
            raise RuntimeError("broken")
        return replace(made, scope="KZ")

    monkeypatch.setattr("warehouse.reports.make.make_report", fail)
    state, tasks = states(bag)
    assert (state, tasks["all_made"], tasks["post_webhook"]) == (
        "failed",
        "upstream_failed",
        "success",
    )
    assert [body["report"]["scope"] for body in webhook.received] == ["KZ"]


@pytest.mark.usefixtures("address")
def test_the_webhook_gets_what_is_new(made, webhook):
    from dags import deliver

    deliver.post_webhook([made.as_json()])
    (body,) = webhook.received
    assert body["report"]["year"] == 2024
    for part in ("2024", "нет <отчёта>", "ВРП: 2", "b1", "изменено 2, добавлено 1", "x: 1 → 2"):
        assert part in body["text"]


@pytest.mark.usefixtures("address")
def test_a_webhook_that_refuses_is_an_error(made, webhook):
    from dags import deliver

    webhook.status = 500
    with pytest.raises(RuntimeError, match="500"):
        deliver.post_webhook([made.as_json()])


def test_the_mail_has_the_pdfs_and_what_is_new(made, mailbox):
    from dags import deliver

    deliver.send_mail([made.as_json()])
    ((recipients, content),) = mailbox.received
    assert recipients == ["one@example.org", "two@example.org"]
    mail = message_from_bytes(content)
    subject = str(make_header(decode_header(mail["Subject"])))
    assert subject == "Мониторинг кластеров: отчёт за 2024 год (BY)"
    parts = {part.get_filename(): part for part in mail.walk() if not part.is_multipart()}
    assert {"report-en.pdf", "report-ru.pdf"} <= set(parts)
    assert parts["report-ru.pdf"].get_payload(decode=True) == b"%PDF-1.7 ru"
    text = next(part for part in mail.walk() if part.get_content_type() == "text/html")
    said = text.get_payload(decode=True).decode()
    assert "нет &lt;отчёта&gt;" in said
    assert "ВРП: 2" in said


def test_what_is_too_large_for_mail_is_named_instead(made, mailbox, monkeypatch):
    from dags import deliver

    monkeypatch.setattr(deliver, "MOST_BYTES", 15)
    deliver.send_mail([made.as_json()])
    ((_, content),) = mailbox.received
    parts = list(message_from_bytes(content).walk())
    assert [part.get_filename() for part in parts if part.get_filename()] == ["report-en.pdf"]
    text = next(part for part in parts if part.get_content_type() == "text/html")
    assert f"PDF: {made.folder}" in text.get_payload(decode=True).decode()
