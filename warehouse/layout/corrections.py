"""Records of known errors of a source, as pydantic models.

They lie beside the contract, in `<dataset>.corrections.yml`. The printed value stays what it is:
a record adds what it should have been, and who says so. `warehouse/sources/corrections.schema.json`
is generated from these models.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError, model_validator

from warehouse.errors import Code, WarehouseError

SUFFIX = ".corrections.yml"
Status = Literal["proposed", "confirmed", "rejected"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Target(_Strict):
    """Which figure is meant: by what it says, not by the cell where it stands."""

    indicator: str
    region: str
    activity: str | None = Field(None, description="default: a figure without an activity")
    breakdown: dict[str, str] = Field(
        default_factory=dict, description="further dimensions to codes; what is left out is _T"
    )
    period: str | int = Field(description="as a table would print it: 2020, «июнь 2024 г.»")
    unit: str | None = Field(None, description="needed where a file prints several units")

    def __str__(self) -> str:
        further = [f"{name}={code}" for name, code in sorted(self.breakdown.items())]
        parts = [self.indicator, self.region, self.activity, *further, str(self.period), self.unit]
        return " ".join(part for part in parts if part)


class Correction(_Strict):
    """One known error: what is printed, what it should be, why, and who says so."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", description="unique in the warehouse")
    target: Target
    printed: FiniteFloat | str = Field(
        description="the guard: the number, or the text, that the file prints at the target"
    )
    corrected: FiniteFloat | None = Field(None, description="in the printed unit")
    admissible: tuple[FiniteFloat, FiniteFloat] | None = Field(
        None, description="lowest and highest value that fit what else is printed"
    )
    reason: str = Field(min_length=1)
    said_by: str = Field(min_length=1, description="person or office")
    source: str = Field(min_length=1, description="where it can be looked up")
    stated_on: date
    status: Status

    @property
    def is_active(self) -> bool:
        """Whether the printed value is under doubt, or known to be wrong."""
        return self.status != "rejected"

    @model_validator(mode="after")
    def _says_something(self) -> Correction:
        if self.corrected is None and self.admissible is None:
            raise ValueError("give `corrected`, `admissible`, or both")
        if self.status == "confirmed" and self.corrected is None:
            raise ValueError("a confirmed correction has a `corrected` value")
        if self.admissible is not None:
            low, high = self.admissible
            if low > high:
                raise ValueError("`admissible` goes from the lowest to the highest value")
            if self.corrected is not None and not low <= self.corrected <= high:
                raise ValueError("`corrected` lies outside of `admissible`")
        return self


class Corrections(_Strict):
    """All records of one dataset."""

    corrections: tuple[Correction, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _once(self) -> Corrections:
        targets = [str(record.target) for record in self.corrections if record.is_active]
        twice = sorted({target for target in targets if targets.count(target) > 1})
        if twice:
            raise ValueError(f"two records for {', '.join(twice)}: reject one of them")
        return self


def corrections_path(contract: Path) -> Path:
    """Where the corrections of a contract file lie, if it has any."""
    return contract.with_name(contract.stem + SUFFIX)


def load_corrections(path: Path) -> tuple[Correction, ...]:
    """Read the records of one dataset; none when there is no file.

    Raises:
        WarehouseError: `correction_invalid`, naming the file, the field and what is wrong.
    """
    if not path.exists():
        return ()
    try:
        return Corrections.model_validate(yaml.safe_load(path.read_bytes())).corrections
    except (yaml.YAMLError, ValidationError, ValueError) as error:
        raise WarehouseError.of(
            Code.CORRECTION_INVALID,
            expected="records as described by warehouse/sources/corrections.schema.json",
            found=first_complaint(error),
            action="Correct the YAML; an editor with the schema marks the line.",
            file_name=str(path),
        ) from error


def corrections_schema() -> dict[str, Any]:
    """JSON Schema of a file with corrections, for editors."""
    schema = Corrections.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return schema


def first_complaint(error: Exception) -> str:
    """The first thing that is wrong in a YAML file, in one line."""
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    return str(error).replace("\n", " ")
