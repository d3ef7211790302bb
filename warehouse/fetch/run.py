"""`warehouse fetch`: every request of some contracts, one after the other."""

from __future__ import annotations

import random
import ssl
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import tenacity

from warehouse import archive, disk, ops
from warehouse.errors import Code, WarehouseError
from warehouse.fetch import log
from warehouse.fetch.answer import Answer, Known, NoAnswerError, TransientError, check_answer
from warehouse.fetch.log import Fetched
from warehouse.fetch.policy import Policy
from warehouse.fetch.request import ConnectionOf, Request, requests_of
from warehouse.fetch.stores import Stores
from warehouse.fetch.web import Pace, Web
from warehouse.layout.contract import Contract
from warehouse.ops import Progress, Silent
from warehouse.settings import Settings

REFUSED = frozenset(
    {
        Code.FETCH_NOT_ALLOWED,
        Code.FETCH_UNEXPECTED,
        Code.FILE_IS_A_WEB_PAGE,
        Code.FILE_TOO_LARGE,
        Code.FILE_EMPTY,
        Code.FILE_DAMAGED,
        Code.FILE_ENCRYPTED,
    }
)
"""Codes of an answer that came and was not let in; others mean that none came."""


@dataclass(frozen=True)
class Fetcher:
    """Fetches files into an inbox.

    Attributes:
        settings: The warehouse home.
        inbox: Where files go, below `fetched/<provider>/<dataset>/`.
        policy: What is allowed.
        connection_of: Where users and passwords come from.
        tls: Which certificates are trusted; the system's unless said.
        now: The time of day.
        clock: Seconds that only go forward.
        sleep: How to wait.
    """

    settings: Settings
    inbox: Path
    policy: Policy
    connection_of: ConnectionOf
    now: Callable[[], datetime]
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def fetch(
        self, contracts: Iterable[Contract], progress: Progress | None = None
    ) -> list[Fetched]:
        """Ask for the files of contracts; one that fails does not stop the others.

        What came of it is to be kept with `record`.

        Raises:
            WarehouseError: `contract_invalid`, `disk_full`, `home_unwritable`.
        """
        year = self.now().year
        stores = Stores(self.policy, self.clock)
        web = Web(self.policy, Pace(self.policy, self.clock, self.sleep), self.tls)
        requests = [each for contract in contracts for each in requests_of(contract, year)]
        known = log.remembered(self.settings)
        watcher = progress or Silent()
        watcher.start("fetch", len(requests))
        done: list[Fetched] = []
        for request in requests:
            done += self._fetch_one(request, web, stores, known)
            watcher.step(request.url)
        watcher.finish()
        return done

    def _fetch_one(
        self,
        request: Request,
        web: Web,
        stores: Stores,
        known: Mapping[tuple[str, str, str], Known],
    ) -> list[Fetched]:
        try:
            files = stores.found(request)
        except WarehouseError as error:
            return [self._outcome(request, "refused", self.now(), 0.0, 0, error=error)]
        asks = web.fetch if request.scheme in {"http", "https"} else stores.fetch
        return [self._take(each, asks, known) for each in files]

    def _take(
        self,
        request: Request,
        asks: Callable[..., Answer],
        known: Mapping[tuple[str, str, str], Known],
    ) -> Fetched:
        started, start = self.now(), self.clock()
        place = self._place(request)
        before = known.get((request.contract_id, shown(request), self._name(request)))
        before = before if before and self._is_here(before.file_id, place) else None
        attempts = 0
        temporary = disk.temporary_name(place)
        with disk.writing(place.parent):
            place.parent.mkdir(parents=True, exist_ok=True)
        try:
            answer, attempts = self._patiently(request, asks, before, temporary)
            code, answer = self._keep(request, answer, before, temporary, place)
            return self._outcome(
                request, code, started, self.clock() - start, attempts, answer=answer
            )
        except WarehouseError as error:
            attempts = error.attempts if isinstance(error, NoAnswerError) else attempts or 1
            code = "refused" if error.problem.code in REFUSED else "failed"
            spent = self.clock() - start
            return self._outcome(request, code, started, spent, attempts, error=error)
        except Exception as fault:  # one odd server never stops the others
            ops.log_exception(self.settings, self.now(), request.url, fault)
            said, spent = _fault(request, fault), self.clock() - start
            return self._outcome(request, "failed", started, spent, attempts or 1, error=said)
        finally:
            temporary.unlink(missing_ok=True)

    def _keep(
        self, request: Request, answer: Answer, before: Known | None, temporary: Path, place: Path
    ) -> tuple[str, Answer]:
        """Let a new file in; what was known before stands for one that is not new."""
        if not answer.is_new and before is not None:
            etag = answer.etag or before.etag
            modified = answer.last_modified or before.last_modified
            kept = replace(answer, sha256=before.file_id, etag=etag, last_modified=modified)
            return "not_modified", kept
        check_answer(request, answer, temporary)
        if before is not None and before.file_id == answer.sha256:
            return "unchanged", answer
        with disk.writing(place.parent):
            disk.rename(temporary, place)
        return "fetched", answer

    def _patiently(
        self, request: Request, asks: Callable[..., Answer], before: Known | None, path: Path
    ) -> tuple[Answer, int]:
        """Ask until an answer comes, or patience ends."""
        connection = (
            self.connection_of(request.fetch.connection) if request.fetch.connection else None
        )
        attempts = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(TransientError),
            stop=self._is_enough,
            wait=self._wait,
            sleep=self.sleep,
            reraise=True,
        )
        try:
            answer: Answer = attempts(asks, request, connection, before, path)
        except TransientError as error:
            count = int(attempts.statistics["attempt_number"])
            raise _gave_up(request, error, count) from error
        return answer, int(attempts.statistics["attempt_number"])

    def _is_enough(self, state: tenacity.RetryCallState) -> bool:
        is_too_long = (_asked_wait(state) or 0.0) > self.policy.longest_wait
        return is_too_long or state.attempt_number >= self.policy.attempts

    def _wait(self, state: tenacity.RetryCallState) -> float:
        """What the server asks for, else ever longer, and never all clients at once."""
        asked = _asked_wait(state)
        if asked is not None:
            return asked
        doubled = self.policy.wait_seconds * 2.0 ** (state.attempt_number - 1)
        return min(doubled * random.uniform(1.0, 1.25), self.policy.longest_wait)  # noqa: S311

    def _is_here(self, file_id: str, place: Path) -> bool:
        return place.exists() or archive.archive_path(self.settings, file_id).exists()

    def _place(self, request: Request) -> Path:
        return self.inbox / self._name(request)

    def _name(self, request: Request) -> str:
        return f"fetched/{request.contract_id}/{request.file_name}"

    def _outcome(
        self,
        request: Request,
        code: str,
        started: datetime,
        seconds: float,
        attempts: int,
        *,
        answer: Answer | None = None,
        error: WarehouseError | None = None,
    ) -> Fetched:
        status = error.status if isinstance(error, NoAnswerError) else None
        found = answer or Answer(is_new=False, status=status)
        return Fetched(
            contract_id=request.contract_id,
            url=shown(request),
            file_name=self._name(request),
            started_at=started,
            seconds=round(seconds, 3),
            attempt_count=attempts,
            outcome_code=code,
            reason_code=error.problem.code.value if error else None,
            message=error.problem.message if error else None,
            http_status=found.status,
            media_type=found.media_type,
            size_bytes=found.size,
            file_id=found.sha256,
            etag=found.etag,
            last_modified=found.last_modified,
        )


def record(settings: Settings, done: Sequence[Fetched]) -> None:
    """Keep what came of requests: for `ops_fetch`, and for asking again only for what is new.

    Raises:
        WarehouseError: `disk_full`, `home_unwritable`.
    """
    if done:
        with ops.writer_lock(settings, wait=True):
            log.save(settings, done)


def _asked_wait(state: tenacity.RetryCallState) -> float | None:
    error = state.outcome.exception() if state.outcome else None
    return error.wait if isinstance(error, TransientError) else None


def _fault(request: Request, fault: Exception) -> NoAnswerError:
    return NoAnswerError(
        f"the file at {request.url}",
        disk.one_line(fault),
        "A fault of the warehouse itself: report it with the end of logs/errors.log.",
    )


def _gave_up(request: Request, error: TransientError, attempts: int) -> NoAnswerError:
    asked = f"; asked to wait {error.wait:.0f} s" if error.wait else ""
    return NoAnswerError(
        f"the file at {request.url}",
        f"{error}{asked} ({attempts} attempt{'s' if attempts != 1 else ''})",
        "The next fetch tries again; if it goes on, open the address in a browser.",
        status=error.status,
        attempts=attempts,
    )


def shown(request: Request) -> str:
    """The address with its parameters, without user and password."""
    parts = urlsplit(request.url)
    bare = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    query = "&".join(f"{name}={value}" for name, value in request.fetch.query.items())
    return f"{bare}?{query}" if query else bare


def with_fetch(contracts: Mapping[str, Contract], wanted: Sequence[str]) -> list[Contract]:
    """The contracts that say where their files come from: all, or those that are wanted.

    Raises:
        WarehouseError: `no_contract` for a wanted one that is not there or says nothing.
    """
    able = {name: contract for name, contract in contracts.items() if contract.fetch}
    missing = [name for name in wanted if name not in able]
    if missing:
        raise WarehouseError.of(
            Code.NO_CONTRACT,
            expected=f"contracts with `fetch`: {', '.join(able) or 'there is none'}",
            found=", ".join(missing),
            action="Add `fetch` to the contract, or name another one.",
        )
    return [able[name] for name in wanted or able]
