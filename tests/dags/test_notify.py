"""News of late sources: recorded always, delivered where that is set up, red when it fails."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

pytestmark = [pytest.mark.airflow, pytest.mark.usefixtures("airflow_db")]

NEWS = {
    "contract_id": "office/wage",
    "message": "office/wage «Зарплата» (monthly): the next were due on 2026-10-25",
    "days_late": 27,
}


class Late:
    """A late source as `warehouse.freshness` gives it."""

    def as_json(self) -> dict:
        return NEWS


@pytest.fixture
def late(monkeypatch):
    monkeypatch.setattr("warehouse.freshness.late_sources", lambda settings, today: [Late()])


@pytest.fixture
def webhook() -> Iterator[ThreadingHTTPServer]:
    """A web server that keeps what it was sent and answers with `status`."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            length = int(self.headers["Content-Length"])
            self.server.received.append(json.loads(self.rfile.read(length)))
            self.send_response(self.server.status)
            self.end_headers()

        def log_message(self, *arguments):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.received, server.status = [], 204
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def mailbox() -> Iterator[socketserver.TCPServer]:
    """A mail server that takes every message."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            self.wfile.write(b"220 test\r\n")
            while line := self.rfile.readline().decode().strip():
                verb = line.split()[0].upper()
                if verb == "DATA":
                    self.wfile.write(b"354 go on\r\n")
                    text = b"".join(iter(self.rfile.readline, b".\r\n"))
                    self.server.received.append(text.decode())
                self.wfile.write(b"221 bye\r\n" if verb == "QUIT" else b"250 ok\r\n")
                if verb == "QUIT":
                    return

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.received = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def states(bag) -> tuple[str, dict[str, str]]:
    """State of a run of the DAG and of each of its tasks."""
    dag = bag.dags["check_freshness"]
    for task in dag.tasks:
        task.retries = 0  # no waiting in a test
    run = dag.test()
    return run.state, {task.task_id: str(task.state) for task in run.get_task_instances()}


def test_nothing_late_is_no_news(bag, home):
    state, tasks = states(bag)
    assert state == "success"
    assert set(tasks.values()) == {"skipped"}
    assert not (home.home / "notifications").exists()


def test_news_is_recorded_when_no_delivery_is_set_up(bag, home, late, caplog):
    state, tasks = states(bag)
    assert state == "success"
    assert (tasks["record"], tasks["post_webhook"]) == ("success", "skipped")
    assert tasks["send_mail"] == "skipped"
    (file,) = (home.home / "notifications").iterdir()
    assert json.loads(file.read_text()) == [NEWS]


def test_news_goes_to_the_webhook(bag, home, late, webhook, monkeypatch):
    monkeypatch.setenv("WAREHOUSE_WEBHOOK_URL", f"http://127.0.0.1:{webhook.server_port}/token")
    state, tasks = states(bag)
    assert (state, tasks["post_webhook"]) == ("success", "success")
    (body,) = webhook.received
    assert body["late_sources"] == [NEWS]
    assert body["text"] == f"1 late source\n{NEWS['message']}"


def test_the_webhook_may_be_an_airflow_connection(bag, home, late, webhook, monkeypatch):
    url = f"http://127.0.0.1:{webhook.server_port}/token"
    connection = json.dumps({"conn_type": "http", "password": url})
    monkeypatch.setenv("AIRFLOW_CONN_WAREHOUSE_WEBHOOK", connection)
    assert states(bag)[1]["post_webhook"] == "success"
    assert len(webhook.received) == 1


def test_a_webhook_that_refuses_is_red_and_the_news_recorded(bag, home, late, webhook, monkeypatch):
    webhook.status = 500
    monkeypatch.setenv("WAREHOUSE_WEBHOOK_URL", f"http://127.0.0.1:{webhook.server_port}/token")
    state, tasks = states(bag)
    assert (state, tasks["post_webhook"], tasks["record"]) == ("failed", "failed", "success")


def test_the_secret_of_a_webhook_stays_out_of_the_message(webhook, monkeypatch):
    from dags import notify

    webhook.status = 403
    monkeypatch.setenv("WAREHOUSE_WEBHOOK_URL", f"http://127.0.0.1:{webhook.server_port}/token")
    with pytest.raises(RuntimeError, match="403") as caught:
        notify.post_webhook([NEWS])
    assert "token" not in str(caught.value)
    monkeypatch.setenv("WAREHOUSE_WEBHOOK_URL", "http://127.0.0.1:1/token")
    with pytest.raises(RuntimeError, match="No answer") as caught:
        notify.post_webhook([NEWS])
    assert "token" not in str(caught.value)


def test_news_goes_by_mail(bag, home, late, mailbox, monkeypatch):
    port = mailbox.server_address[1]
    extra = {"disable_tls": True, "disable_ssl": True, "from_email": "warehouse@example.org"}
    connection = {"conn_type": "smtp", "host": "127.0.0.1", "port": port, "extra": extra}
    monkeypatch.setenv("AIRFLOW_CONN_WAREHOUSE_SMTP", json.dumps(connection))
    monkeypatch.setenv("WAREHOUSE_NOTIFY_TO", "one@example.org, two@example.org")
    state, tasks = states(bag)
    assert (state, tasks["send_mail"]) == ("success", "success")
    (message,) = mailbox.received
    assert "Subject: 1 late source" in message
    assert "one@example.org" in message
    assert "two@example.org" in message


def test_the_record_is_one_file_a_day(home):
    from dags import notify

    first = notify.record(home, [NEWS], date(2026, 11, 21))
    again = notify.record(home, [NEWS], date(2026, 11, 21))
    assert first == again
    assert notify.record(home, [NEWS], date(2026, 11, 22)) != first
