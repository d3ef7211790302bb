"""Score the reading of changed layouts and write the table of docs/layout-mutations.md.

    python -m tests.layout.score_mutations --seeds 12

Right: every value that is still printed is read as before; where the change destroys a line, that
line may be missing. Refused: more than that is left out. Silently wrong: a value under another
key, or another value under the same key; one of these fails the run.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections import Counter
from pathlib import Path

from tests.formats.cube_mutations import CHANGES
from tests.layout.mutated_files import LARGE, REAL, SAMPLES, SAMPLES_FOLDER, SPECIMENS
from tests.layout.mutations import (
    MUTATIONS,
    Key,
    changes_of,
    mutate,
    reading_of,
    values_of,
    wrong_keys,
)
from warehouse.readers import Workbook, detect_format, read
from warehouse.settings import PROJECT

PAGE = PROJECT / "docs" / "layout-mutations.md"
DESTROYS_A_LINE = {
    "delete_row", "delete_column", "blank_label", "blank_header", "merge_headers", "merge_values",
    "damage_number", "lose_values", "repeat_values", "rename_member", "unknown_status",
}  # fmt: skip
SLOW_BYTES = 10**6
"""Larger files go through each change once."""
CHANGED, DAMAGED = "changed layouts", "planted damage"
PLANTED_DAMAGE = {
    "insert_odd_row", "insert_odd_column", "merge_values", "stale_merge", "damage_number",
    "repeat_values", "add_dimension", "add_power_of_ten", "unknown_status",
}  # fmt: skip
INTRODUCTION = """\
# Changed layouts: right, refused, silently wrong

A file of every contract that reads figures (specimen, sample or real file:
`tests/layout/mutated_files.py`) is changed the way offices change their tables from one year to the
next, and is read again by the same contract. `tests/layout/mutations.py` holds the changes of
tables, `tests/formats/cube_mutations.py` those of files that describe themselves.
`python -m tests.layout.score_mutations --seeds {seeds}` writes this page, and the tests run a
seeded part of it; one fails when a contract has no file here.
Totals and earlier files, which catch more, are not asked here.

Right: every value that is still printed is read as before (a destroyed line may be missing).
Refused: more than that is left out, with a message. Silently wrong must be 0. Planted damage (a
stray figure, an unknown line of figures, a merged range that hides or spans figures, a broken
number, a doubled observation, an unknown dimension, status or power of ten) is there to be refused.
"""


def longest_line(before: dict[Key, float]) -> int:
    """Values in the longest row or column: what one destroyed line may cost."""
    by_region = Counter(key[:4] + key[7:] for key in before)
    by_period = Counter((key[0], *key[4:]) for key in before)
    return max(*by_region.values(), *by_period.values())


def score(name: str, before: dict[Key, float], after: dict[Key, float] | None) -> str:
    if after is None:
        return "refused"
    if wrong_keys(name, before, after):
        return "silently wrong"
    lost = len(before.keys() - after.keys())
    allowed = longest_line(before) if name in DESTROYS_A_LINE else 0
    return "right" if lost <= allowed else "refused"


def score_file(path: Path, seeds: int) -> Counter[tuple[str, str]]:
    """Mutation and score to count."""
    workbook: Workbook = read(path, detect_format(path))
    before = values_of(reading_of(workbook, path.name))
    assert before, f"{path.name} is not read at all"
    counts: Counter[tuple[str, str]] = Counter()
    for name in changes_of(workbook):
        for seed in range(seeds):
            changed = mutate(workbook, name, random.Random(f"{path.name}-{name}-{seed}"))
            if changed is not None:
                after = values_of(reading_of(changed, path.name))
                result = score(name, before, after)
                counts[name, result] += 1
                if result == "silently wrong":
                    print(path.name, name, seed, wrong_keys(name, before, after or {})[:2])
    return counts


def table(title: str, rows: dict[str, Counter[str]]) -> list[str]:
    lines = [f"| {title} | mutations | right | refused | silently wrong |", "|---|--:|--:|--:|--:|"]
    for name, counts in rows.items():
        total = sum(counts.values())
        share = f"{counts['right']} ({counts['right'] / total:.0%})"
        lines.append(
            f"| {name} | {total} | {share} | {counts['refused']} | {counts['silently wrong']} |"
        )
    return lines


def grouped(kinds: dict[str, Counter[str]]) -> dict[str, Counter[str]]:
    """Totals: changes of layout, damage that nobody could read, and both."""
    groups: dict[str, Counter[str]] = {name: Counter() for name in (CHANGED, DAMAGED, "all")}
    for name, counts in kinds.items():
        groups[DAMAGED if name in PLANTED_DAMAGE else CHANGED].update(counts)
        groups["all"].update(counts)
    return groups


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=12)
    parser.add_argument("--real", type=Path, default=PROJECT.parent / "shared" / "data")
    given = parser.parse_args()
    files: dict[str, Counter[str]] = {}
    kinds: dict[str, Counter[str]] = {name: Counter() for name in (*MUTATIONS, *CHANGES)}
    everything: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        paths = [build(Path(folder) / name) for name, build in SPECIMENS.values()]
        labels = [f"specimen of {contract}" for contract in SPECIMENS]
        paths += [SAMPLES_FOLDER / name for name in SAMPLES]
        labels += [f"sample {Path(name).name}" for name in SAMPLES]
        if given.real.is_dir():
            paths += [given.real / name for name in (*REAL, *LARGE)]
            labels += [Path(name).name for name in (*REAL, *LARGE)]
        for label, path in zip(labels, paths, strict=True):
            files[label] = Counter()
            is_slow = path.stat().st_size > SLOW_BYTES
            for (name, result), count in score_file(path, 1 if is_slow else given.seeds).items():
                files[label][result] += count
                kinds[name][result] += count
                everything[result] += count
            print(label, dict(files[label]), flush=True)
    sections = [
        INTRODUCTION.format(seeds=given.seeds),
        *table("group", grouped(kinds)),
        "\n## By file\n",
        *table("file", files),
        "\n## By change\n",
        *table("change", {name.replace("_", " "): c for name, c in kinds.items() if c}),
    ]
    PAGE.write_text("\n".join(sections) + "\n", encoding="utf-8")
    return 1 if everything["silently wrong"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
