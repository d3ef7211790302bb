"""`python -m dags`: the real DAGs, in order, in this process, without services.

What a scheduler would start, this starts: `ingest_statistics`, `ingest_cluster_reports` on the same
inbox, `build_warehouse` when one of them has emitted its asset, and `yearly_report` on what is
published. Airflow keeps its state in SQLite below the home.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape

from dags.local.home import environment, prepare
from warehouse import cli, cli_reports
from warehouse.errors import WarehouseError
from warehouse.settings import Settings

if TYPE_CHECKING:
    from airflow.sdk import DAG

    from warehouse.ops import Progress
    from warehouse.pipeline import RunSummary

INGEST, ANSWER, BUILD = "ingest_statistics", "ingest_cluster_reports", "build_warehouse"
REPORT = "yearly_report"
FAILED, REFUSED, INTERRUPTED = 1, 3, 130


class RunFailedError(RuntimeError):
    """A task failed for a reason that is not the data's; the message says where to look."""


@dataclass
class Outcome:
    """What a DAG run left behind.

    Attributes:
        states: Task to state; for a mapped task, the worst of its instances.
        seconds: Task to the time that its instances took together.
        results: Task to what its instances returned.
        errors: What the failed tasks raised, in order.
    """

    states: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    results: dict[str, list[Any]] = field(default_factory=dict)
    errors: list[BaseException] = field(default_factory=list)


@contextmanager
def output_to(log: Path) -> Iterator[None]:
    """Send everything that this process and its children print to a file.

    Airflow, dbt and Great Expectations each log in a way of their own; below them all are the
    two file descriptors.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    sys.stdout.flush()
    sys.stderr.flush()
    kept = os.dup(1), os.dup(2)
    try:
        with log.open("wb") as target:
            os.dup2(target.fileno(), 1)
            os.dup2(target.fileno(), 2)
        yield
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        for number, descriptor in enumerate(kept, start=1):
            os.dup2(descriptor, number)
            os.close(descriptor)


def load_dags() -> dict[str, DAG]:
    """The project's DAGs, as Airflow's DAG processor finds them.

    Raises:
        RunFailedError: A DAG file cannot be imported.
    """
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(dag_folder=os.environ["AIRFLOW__CORE__DAGS_FOLDER"])
    if bag.import_errors:
        raise RunFailedError("\n".join(f"{file}: {why}" for file, why in bag.import_errors.items()))
    return dict(bag.dags)


def wake_api() -> None:
    """Make Airflow's in-process API ready, which takes seconds, before a task is timed."""
    import httpx
    from airflow.sdk.execution_time.supervisor import in_process_api_server

    transport = in_process_api_server().transport
    httpx.Client(transport=transport, base_url="http://in-process.invalid").get("/health")


def run_dag(dag: DAG) -> Outcome:
    """Run a DAG to its end in this process.

    Retries are left out: whoever watches would wait for them without knowing why.
    """
    outcome = Outcome()

    def keep(context: Mapping[str, Any]) -> None:
        outcome.errors.append(context["exception"])

    for task in dag.tasks:
        task.retries = 0
        task.on_failure_callback = [keep]
    run = dag.test()
    for instance in run.get_task_instances():
        name, state = instance.task_id, str(instance.state)
        worst = outcome.states.get(name)
        outcome.states[name] = state if worst in (None, "success") else worst
        spent = outcome.seconds.get(name, 0.0) + (instance.duration or 0.0)
        outcome.seconds[name] = round(spent, 3)
    for name, value in _returned(dag.dag_id, run.run_id):
        outcome.results.setdefault(name, []).append(value)
    if str(run.state) != "success" and not outcome.errors:
        outcome.errors.append(RunFailedError(f"{dag.dag_id}: {outcome.states}"))
    return outcome


def _returned(dag_id: str, run_id: str) -> list[tuple[str, Any]]:
    from airflow.models.xcom import XComModel
    from airflow.utils.session import create_session

    query = XComModel.get_many(run_id=run_id, dag_ids=dag_id, key="return_value")
    with create_session() as session:
        found = session.scalars(query.order_by(None).order_by(XComModel.map_index)).all()
        return [(item.task_id, XComModel.deserialize_value(item)) for item in found]


@dataclass(frozen=True)
class Done:
    """What a run has done: its summary, the reports there are, and why others were not made."""

    summary: RunSummary
    reports: list[dict[str, Any]]
    not_reported: list[BaseException]


def run(settings: Settings, inbox: Path, progress: Progress) -> Done:
    """Take in an inbox, build, publish and report, through the DAGs.

    Returns:
        What was done, the yearly reports that there are now, and what stopped others.

    Raises:
        WarehouseError: What stopped the run before it published, when the data or the disk did.
        RunFailedError: What stopped it otherwise.
    """
    started, now = time.perf_counter(), datetime.now(UTC)
    progress.start("Airflow", None)
    os.environ.update(environment(settings, inbox, inbox))
    prepare(settings)
    dags = load_dags()
    wake_api()
    progress.finish()

    from dags.common import watch_with

    watch_with(progress)
    ingested = _succeeded(run_dag(dags[INGEST]))
    seconds = {"find": ingested.seconds["find"]}
    for batch in ingested.results.get("ingest", []):
        for stage, spent in batch["seconds"].items():
            seconds[stage] = round(seconds.get(stage, 0.0) + spent, 3)
    answered = _succeeded(run_dag(dags[ANSWER]))
    seconds["answer"] = answered.seconds["answer"]
    built = Outcome()
    if "success" in (ingested.states["announce"], answered.states["announce"]):
        progress.start("build", None)
        built = _succeeded(run_dag(dags[BUILD]))
        progress.finish()
        seconds |= built.seconds
    reported = Outcome()
    if settings.published.exists():
        progress.start("report", None)
        reported = run_dag(dags[REPORT])
        progress.finish()
        seconds["report"] = reported.seconds.get("make", 0.0)
    seconds["Airflow"] = round(time.perf_counter() - started - sum(seconds.values()), 3)
    summary = _summarise(settings, inbox, now=now, ingested=ingested, built=built, seconds=seconds)
    return Done(summary, reported.results.get("make", []), reported.errors)


def _succeeded(outcome: Outcome) -> Outcome:
    if outcome.errors:
        raise outcome.errors[0]
    return outcome


def _summarise(
    settings: Settings,
    inbox: Path,
    *,
    now: datetime,
    ingested: Outcome,
    built: Outcome,
    seconds: Mapping[str, float],
) -> RunSummary:
    from warehouse import pipeline

    batches = ingested.results.get("find", [[]])[0]
    made = built.results.get("build")
    done = built.results.get("publish")
    return pipeline.summarise(
        settings,
        inbox,
        now=now,
        new=[name for names in batches for name in names],
        seconds=seconds,
        build=pipeline.BuildSummary(**made[0]) if made else None,
        publication=pipeline.PublishSummary(**done[0]) if done else None,
    )


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m dags", description=__doc__)
    parser.add_argument("--home", help="warehouse home (default: WAREHOUSE_HOME, else data/)")
    parser.add_argument("--inbox", type=Path, help="folder to take in, recursively")
    parser.add_argument("--quiet", "-q", action="store_true", help="errors only")
    parser.add_argument("--json", action="store_true", help="machine-readable summary")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Run the main job and report; the exit status is that of `warehouse run`.

    0: everything was taken in. 3: published, but something was refused. 1 with a summary:
    published, and a report failed for no reason of the data. Else nothing was published.
    """
    options = _options(arguments)
    settings = Settings.of(options.home)
    inbox = (options.inbox or settings.inbox).resolve()
    log = settings.home / "logs" / "airflow.log"
    with os.fdopen(os.dup(2), "w", encoding="utf-8") as terminal:
        console = Console(file=terminal, highlight=False)
        try:
            with cli.watching(is_quiet=options.quiet, console=console) as progress, output_to(log):
                done = run(settings, inbox, progress)
        except WarehouseError as error:
            cli.complain(error, as_json=options.json)
            return FAILED
        except KeyboardInterrupt:
            console.print("Interrupted: the published warehouse stays as it was.")
            return INTERRUPTED
        except Exception as error:
            _say_failed(console, "The run failed", error, log)
            return FAILED
        _show(done, options)
        return _failed_reports(done, console, log, as_json=options.json)


def _show(done: Done, options: argparse.Namespace) -> None:
    if options.json:
        cli.print_json(done.summary.as_json() | {"reports": done.reports})
    elif not options.quiet:
        cli.print_run(done.summary)
        for one in done.reports:
            cli_reports.show(one)
        if not done.reports and not done.not_reported:
            sys.stdout.write("No report is due: no country of the schedule has a complete year.\n")


def _failed_reports(done: Done, console: Console, log: Path, *, as_json: bool) -> int:
    """Say which reports were not made; the exit status of the run."""
    status = done.summary.exit_status
    for error in done.not_reported:
        if isinstance(error, WarehouseError):
            cli.complain(error, as_json=as_json)
            status = status or REFUSED
        else:
            _say_failed(console, "A report failed", error, log)
            status = FAILED
    return status


def _say_failed(console: Console, what: str, error: BaseException, log: Path) -> None:
    said = escape(f"{type(error).__name__}: {error}")
    console.print(f"[red]{what}[/]: {said}\nDetails: {log}", soft_wrap=True)
