import json
import os
import socket
import threading
import time
from pathlib import Path

import pytest

from tests.street import NOW
from warehouse import archive, disk
from warehouse.archive import Found, SeenFiles
from warehouse.errors import Code, WarehouseError
from warehouse.settings import Settings


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


def put(inbox: Path, name: str, data: bytes = b"1;2\n") -> Path:
    path = inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def find(inbox: Path) -> list[Found]:
    return archive.find_files(inbox, Settings(home=inbox.parent / "home"))


def names(inbox: Path) -> list[str]:
    return [found.name for found in find(inbox)]


def only(inbox: Path) -> Found:
    (found,) = find(inbox)
    return found


def test_an_inbox_that_contains_the_home_passes_it_over(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "data")
    for name in ("a.csv", "data/archive/ab/1", "data/inbox/b.csv", "data.old/c.csv"):
        put(tmp_path, name)
    found = archive.find_files(tmp_path, settings)
    assert [item.name for item in found] == ["a.csv", "data.old/c.csv"]
    assert [item.name for item in archive.find_files(tmp_path / "data/inbox", settings)] == [
        "b.csv"
    ]
    (tmp_path / "shortcut").symlink_to(tmp_path)
    assert len(archive.find_files(tmp_path / "shortcut", settings)) == 2


@pytest.mark.parametrize("inbox", [".", "archive", "staged/observation", "inbox/.."])
def test_the_home_is_no_inbox(tmp_path: Path, inbox: str) -> None:
    settings = Settings(home=tmp_path / "data")
    put(settings.home, f"{inbox}/a.csv")
    put(settings.home, "inbox/a.csv")
    for way in (archive.find_files, archive.check_inbox):
        with pytest.raises(WarehouseError) as caught:
            way(settings.home / inbox, settings)
        assert caught.value.problem.code == Code.INBOX_IN_HOME
        assert str(settings.inbox) in caught.value.problem.message


def test_a_second_name_may_clear_up_what_the_first_one_hid(settings: Settings, inbox: Path) -> None:
    put(inbox, "page.xlsx", b"<html>a table</html>")
    assert refusal(settings, inbox) == Code.FILE_IS_A_WEB_PAGE
    (inbox / "page.xlsx").rename(inbox / "page.html")
    assert refusal(settings, inbox) is None
    archived = archive.admit(settings, only(inbox), NOW)
    loaded = archive.load(settings, archived.file_id)
    assert loaded is not None
    assert loaded.problem is None


def refusal(settings: Settings, inbox: Path) -> Code | None:
    archived = archive.admit(settings, only(inbox), NOW)
    return archived.problem.code if archived.problem else None


def test_files_are_found_recursively_and_sorted(inbox: Path) -> None:
    for name in ("б.csv", "a/2.csv", "a/1.csv", "z.csv"):
        put(inbox, name)
    assert names(inbox) == sorted(["a/1.csv", "a/2.csv", "z.csv", "б.csv"])


@pytest.mark.parametrize(
    "name",
    ["~$report.xlsx", ".hidden.csv", "x.csv.part", "x.crdownload", "x.csv~", ".git/config",
     "Thumbs.db", "x.TMP"],
)  # fmt: skip
def test_what_programs_leave_behind_is_passed_over(inbox: Path, name: str) -> None:
    put(inbox, name)
    put(inbox, "report.xlsx")
    assert names(inbox) == ["report.xlsx"]


def test_an_inbox_that_is_missing_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError) as caught:
        find(tmp_path / "nowhere")
    assert caught.value.problem.code == Code.INBOX_MISSING


@pytest.mark.parametrize("name", ["a\nb.csv", "a\x1b[31m.csv", "a\u202excl.csv", "a\\..\\x.csv"])
def test_a_name_that_misleads_is_refused_and_shown_escaped(
    settings: Settings, inbox: Path, name: str
) -> None:
    put(inbox, name)
    archived = archive.admit(settings, only(inbox), NOW)
    assert archived.problem is not None
    assert archived.problem.code == Code.FILE_NAME_UNSAFE
    assert not any(ord(letter) < 32 or letter == "\u202e" for letter in archived.problem.message)
    assert not list(settings.home.rglob("*"))


def test_a_name_that_is_no_text_is_refused(settings: Settings, inbox: Path) -> None:
    Path(os.fsdecode(os.fsencode(inbox) + b"/\xff.csv")).write_bytes(b"1")
    archived = archive.admit(settings, only(inbox), NOW)
    assert archived.problem is not None
    assert archived.problem.code == Code.FILE_NAME_UNSAFE
    json.dumps(archived.problem.message).encode("utf-8")


def test_links_out_of_the_inbox_are_not_followed(
    settings: Settings, inbox: Path, tmp_path: Path
) -> None:
    secret = put(tmp_path, "secret.csv")
    (inbox / "link.csv").symlink_to(secret)
    assert refusal(settings, inbox) == Code.FILE_OUTSIDE_INBOX
    (inbox / "link.csv").unlink()
    (inbox / "folder").symlink_to(tmp_path)
    assert refusal(settings, inbox) == Code.FILE_OUTSIDE_INBOX


def test_links_within_the_inbox_are_files_and_loops_end(inbox: Path) -> None:
    put(inbox, "a/1.csv")
    (inbox / "a" / "again").symlink_to(inbox)
    (inbox / "2.csv").symlink_to(inbox / "a" / "1.csv")
    assert names(inbox) == ["2.csv", "a/1.csv"]


def test_pipes_and_sockets_do_not_hang(settings: Settings, inbox: Path) -> None:
    os.mkfifo(inbox / "pipe.csv")
    assert refusal(settings, inbox) == Code.FILE_UNREADABLE
    (inbox / "pipe.csv").unlink()
    with socket.socket(socket.AF_UNIX) as opened:
        here = Path.cwd()
        os.chdir(inbox)  # the path of a socket must be short
        try:
            opened.bind("s.csv")
        finally:
            os.chdir(here)
        assert refusal(settings, inbox) == Code.FILE_UNREADABLE


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.xlsx", b"", Code.FILE_EMPTY),
        ("a.xlsx", b"\xef\xbb\xbf\n <!DOCTYPE HTML><html>404</html>", Code.FILE_IS_A_WEB_PAGE),
        ("a.csv", b"<html><body>log in</body></html>", Code.FILE_IS_A_WEB_PAGE),
        ("a.html", b"<html></html>", None),
        ("a.csv", b"region;value\n", None),
    ],
)
def test_the_door(
    settings: Settings, inbox: Path, name: str, data: bytes, code: Code | None
) -> None:
    put(inbox, name, data)
    assert refusal(settings, inbox) == code


def test_a_file_that_is_too_large_is_refused_unread(settings: Settings, inbox: Path) -> None:
    put(inbox, "a.csv", b"12345")
    small = Settings(home=settings.home, max_file_bytes=4)
    assert refusal(small, inbox) == Code.FILE_TOO_LARGE
    assert not settings.archive.exists()


def test_a_file_that_grows_between_finding_and_reading_is_taken_next_time(
    settings: Settings, inbox: Path
) -> None:
    path = put(inbox, "a.csv", b"1")
    found = only(inbox)
    path.write_bytes(b"12")
    archived = archive.admit(settings, found, NOW)
    assert archived.problem is not None
    assert archived.problem.code == Code.FILE_STILL_GROWING
    assert not list(settings.archive.glob("*/*"))
    assert refusal(settings, inbox) is None


def test_a_file_that_grows_while_it_is_read_is_taken_next_time(
    settings: Settings, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(inbox, "a.csv", b"x" * 3000)
    found = only(inbox)
    monkeypatch.setattr(archive, "BLOCK", 1000)
    opened = archive._open

    def open_and_append(source: Path) -> object:
        handle = opened(source)
        writer = threading.Thread(target=lambda: path.write_bytes(b"x" * 4000))
        writer.start()
        writer.join()
        return handle

    monkeypatch.setattr(archive, "_open", open_and_append)
    archived = archive.admit(settings, found, NOW)
    assert archived.problem is not None
    assert archived.problem.code == Code.FILE_STILL_GROWING


def test_a_fresh_file_waits_only_when_a_setting_asks_for_it(
    settings: Settings, inbox: Path
) -> None:
    put(inbox, "a.csv")
    patient = Settings(home=settings.home, quiet_seconds=60)
    assert refusal(patient, inbox) == Code.FILE_STILL_GROWING
    old = time.time() - 120
    os.utime(inbox / "a.csv", (old, old))
    assert refusal(patient, inbox) is None


def test_bytes_are_kept_once_with_all_their_names(settings: Settings, inbox: Path) -> None:
    put(inbox, "a.csv", b"same")
    put(inbox, "b.csv", b"same")
    first, second = (archive.admit(settings, found, NOW) for found in find(inbox))
    assert first.file_id == second.file_id
    assert [origin.file_name for origin in second.origins] == ["a.csv", "b.csv"]
    assert archive.archive_path(settings, first.file_id).read_bytes() == b"same"
    assert archive.load(settings, first.file_id) == second
    assert list(archive.file_ids(settings)) == [first.file_id]


def test_the_time_of_the_first_arrival_stays(settings: Settings, inbox: Path) -> None:
    put(inbox, "a.csv")
    first = archive.admit(settings, only(inbox), NOW)
    sidecar = archive.archive_path(settings, first.file_id).with_suffix(".json")
    before = sidecar.read_bytes()
    later = archive.admit(settings, only(inbox), NOW.replace(year=2030))
    assert later.first.received_at == NOW.isoformat()
    assert sidecar.read_bytes() == before


def test_a_damaged_sidecar_is_written_anew(settings: Settings, inbox: Path) -> None:
    put(inbox, "a.csv")
    first = archive.admit(settings, only(inbox), NOW)
    archive.archive_path(settings, first.file_id).with_suffix(".json").write_bytes(b'{"origins"')
    assert archive.load(settings, first.file_id) is None
    assert archive.admit(settings, only(inbox), NOW) == first


def test_the_short_cut_is_not_believed_for_fresh_files(settings: Settings, inbox: Path) -> None:
    path = put(inbox, "a.csv")
    found = only(inbox)
    seen = SeenFiles.load(settings)
    seen.remember(found, "f" * 64, found.ctime_ns + 1_000_000_000)
    assert seen.file_id(found) is None
    assert seen.last_id(found) == "f" * 64
    seen.remember(found, "f" * 64, found.ctime_ns + 3_000_000_000)
    assert seen.file_id(found) == "f" * 64
    seen.save()
    assert SeenFiles.load(settings).file_id(found) == "f" * 64
    path.write_bytes(b"9;9\n")
    os.utime(path, ns=(found.mtime_ns, found.mtime_ns))  # an editor that sets the time back
    assert seen.file_id(only(inbox)) is None


def test_a_full_disk_is_said_so(
    settings: Settings, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(inbox, "a.csv")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive.os, "fsync", full)
    with pytest.raises(WarehouseError) as caught:
        archive.admit(settings, only(inbox), NOW)
    assert caught.value.problem.code == Code.DISK_FULL
    assert not [path for path in settings.archive.rglob("*") if path.is_file()]


@pytest.mark.parametrize("number", [13, 30])
def test_a_home_that_cannot_be_written_is_said_so(tmp_path: Path, number: int) -> None:
    error = disk.write_error(OSError(number, "no", str(tmp_path)), tmp_path)
    assert error.problem.code == Code.HOME_UNWRITABLE
    assert str(tmp_path) in error.problem.message


def test_a_home_below_a_file_is_said_so(tmp_path: Path) -> None:
    put(tmp_path, "file")
    with pytest.raises(WarehouseError) as caught:
        disk.write_bytes(tmp_path / "file" / "x.json", b"{}")
    assert caught.value.problem.code == Code.HOME_UNWRITABLE
