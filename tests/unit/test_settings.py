"""Settings from the environment: a number or a clear refusal."""

from __future__ import annotations

from pathlib import Path

import pytest

from warehouse import cli
from warehouse.settings import SettingError, Settings

NUMBERS = (
    "WAREHOUSE_KEEP_BUILDS",
    "WAREHOUSE_MAX_FILE_BYTES",
    "WAREHOUSE_QUIET_SECONDS",
    "WAREHOUSE_DBT_THREADS",
)


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("text", ["abc", "-1", "1e", "nan", "inf", "٣x"])
def test_what_is_no_usable_number_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, text: str
) -> None:
    monkeypatch.setenv(name, text)
    with pytest.raises(SettingError) as caught:
        Settings.of(tmp_path)
    assert name in caught.value.expected
    assert text in caught.value.found


def test_numbers_are_taken_and_empty_ones_are_not_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in NUMBERS:
        monkeypatch.setenv(name, " ")
    assert Settings.of(tmp_path) == Settings(home=tmp_path)
    for number, name in enumerate(NUMBERS, start=3):
        monkeypatch.setenv(name, str(number))
    wanted = {"keep_builds": 3, "max_file_bytes": 4, "quiet_seconds": 5.0, "dbt_threads": 6}
    assert Settings.of(tmp_path) == Settings(home=tmp_path, **wanted)  # type: ignore[arg-type]


def test_the_command_line_says_which_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WAREHOUSE_KEEP_BUILDS", "abc")
    with pytest.raises(SystemExit) as left:
        cli.main(["status", "--home", str(tmp_path)])
    said = capsys.readouterr().err
    assert left.value.code == 1
    assert "setting_invalid" in said
    assert "WAREHOUSE_KEEP_BUILDS" in said
    assert "Traceback" not in said


def test_a_folder_of_boundaries_is_there_or_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert Settings.of(tmp_path).boundaries == tmp_path / "boundaries"
    folder = tmp_path / "maps"
    folder.mkdir()
    monkeypatch.setenv("WAREHOUSE_BOUNDARIES", str(folder))
    assert Settings.of(tmp_path).boundaries == folder
    for found in (str(tmp_path / "none"), "maps"):
        monkeypatch.setenv("WAREHOUSE_BOUNDARIES", found)
        with pytest.raises(SettingError, match="WAREHOUSE_BOUNDARIES"):
            Settings.of(tmp_path)
