"""Names and telephones of officials are never shown: where they stand, and what hides them."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from warehouse.readers.cells import Kind, Sheet

HIDDEN = "(contact, not shown)"
REACH = 6
"""Rows below the word «responsible» in which a name and a telephone may stand."""
_ADDRESS = re.compile(
    r"[\w.+-]+@[\w-]+\.\w+|(?<!\d)(?:\+?\d[\s(-]*)?\(?\d{3,5}\)?[\s-]*\d{2,3}-\d{2}-?\d{2}(?!\d)"
    r"|\+\d[\d\s()-]{8,}\d"
)
_LEAD = re.compile(
    r"исполнител|ответственн\w+ (?:за|лиц|исп)|контакт|телефон|\bтел\.|орындаушы|жауапты|"
    r"выканаўц|адказн|\bcontact|\bphone|\be-?mail",
    re.I,
)


def without_contacts(text: str) -> str:
    """A text with telephones and mail addresses taken out."""
    return _ADDRESS.sub(HIDDEN, text)


def contact_cells(sheet: Sheet) -> npt.NDArray[np.bool_]:
    """Cells that hold, or stand among, a person's name and telephone.

    A name has no form of its own, so all texts in rows near a word that leads to one are hidden,
    as long as the rows hold no figures; and so is the text before each telephone.
    """
    hidden = np.zeros(sheet.shape, dtype=bool)
    is_text = sheet.kind == Kind.TEXT
    has_figures = (sheet.kind == Kind.NUMBER).sum(axis=1) > 1
    rows, columns = np.nonzero(is_text)
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        text = sheet.text(row, column)
        if _ADDRESS.search(text):
            first, last = row - 1, row + 1
        elif _LEAD.search(text) and len(text) < 120:
            first, last = row, row + REACH
        else:
            continue
        for near in range(max(first, 0), min(last, sheet.shape[0] - 1) + 1):
            if not has_figures[near]:
                hidden[near] |= is_text[near]
    return hidden
