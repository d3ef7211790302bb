from __future__ import annotations

import io
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.readers import xlsx_cells
from warehouse.readers.cells import column_letters
from warehouse.readers.xlsx_cells import scan_cells

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TYPES = ("n", "s", "b", "e", "d", "str", "inlineStr")
BODIES = (
    "<v>12.5</v>",
    '<v xml:space="preserve">7</v>',
    "<v></v>",
    "<v/>",
    "<f>A1</f>",
    "<f>A1</f><v>3</v>",
    '<f t="shared" si="0"/><v>4</v>',
    "<is><t>a &lt;c r=&quot;Z9&quot;> и ещё</t></is>",
    "<is><t>12:30</t></is>",
    "<is></is>",
    "",
)


@st.composite
def cells(draw: st.DrawFn) -> str:
    row, column = draw(st.integers(1, 1_048_576)), draw(st.integers(0, 16_383))
    attributes = [f'r="{column_letters(column)}{row}"']
    if draw(st.booleans()):
        attributes.append(f's="{draw(st.integers(0, 70_000))}"')
    if draw(st.booleans()):
        attributes.append(f't="{draw(st.sampled_from(TYPES))}"')
    if draw(st.integers(0, 3)) == 0:
        attributes.append('cm="1"')
    if draw(st.integers(0, 3)) == 0:
        attributes = draw(st.permutations(attributes))
    tag = "c" + draw(st.sampled_from((" ", "  ", "\n"))) + " ".join(attributes)
    body = draw(st.sampled_from((*BODIES, None)))
    if body is None:
        return f"<{tag}{draw(st.sampled_from(('', ' ')))}/>"
    return f"<{tag}{draw(st.sampled_from(('', ' ')))}>{body}</c>"


@st.composite
def worksheets(draw: st.DrawFn) -> str:
    rows = draw(st.lists(st.lists(cells(), max_size=5), max_size=6))
    data = "".join(f"<row r='1'>{''.join(row)}</row>" for row in rows)
    return (
        f'<worksheet xmlns="{MAIN}"><cols><col min="1" max="2"/></cols><sheetData>{data}'
        "</sheetData><conditionalFormatting><cfRule><formula>A1</formula></cfRule>"
        "</conditionalFormatting></worksheet>"
    )


def prefixed(text: str) -> str:
    """The same part with a prefix before the name of every element."""
    tagged = text.replace("</", "\0").replace("<", "<x:").replace("\0", "</x:")
    return tagged.replace("xmlns=", "xmlns:x=")


def parsed(text: str) -> dict[str, list[object]]:
    """What an XML parser sees: the truth that the scan must come to."""
    found: dict[str, list[object]] = {
        name: [] for name in ("row", "column", "style", "formula", "has_value", "error")
    }
    # the parser gives `<c></c>` and `<c/>` alike: which cells have a body is said by a mark
    marked = text.replace("/>", ' closed="1"/>')
    for cell in ET.fromstring(marked).iter(f"{{{MAIN}}}c"):  # noqa: S314
        if cell.get("closed"):
            continue
        address = cell.get("r", "")
        letters = address.rstrip("0123456789")
        column = 0
        for letter in letters:
            column = column * 26 + ord(letter) - ord("A") + 1
        values = [*cell.iter(f"{{{MAIN}}}v"), *cell.iter(f"{{{MAIN}}}is")]
        found["row"].append(int(address.removeprefix(letters)) - 1)
        found["column"].append(column - 1)
        found["style"].append(int(cell.get("s", "0")))
        found["formula"].append(cell.find(f"{{{MAIN}}}f") is not None)
        found["has_value"].append(any(len(value) or value.text for value in values))
        found["error"].append(cell.get("t") == "e")
    return found


@settings(max_examples=150, deadline=None)
@given(text=worksheets(), size=st.sampled_from((1, 7, 64, 1 << 20)), has_prefix=st.booleans())
def test_the_scan_sees_what_a_parser_sees(text: str, size: int, has_prefix: bool) -> None:
    wanted = parsed(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xlsx_cells, "BLOCK", size)
        content = prefixed(text) if has_prefix else text
        found = scan_cells(io.BytesIO(content.encode()))
    for name in ("row", "column", "style", "formula", "has_value"):
        assert getattr(found, name).tolist() == wanted[name], name
    places = zip(wanted["row"], wanted["column"], wanted["error"], strict=True)
    assert set(found.errors) == {(row, column) for row, column, is_error in places if is_error}


@pytest.mark.parametrize("tag", ['<c s="1">', '<c t="n" s="1">', "<c>", '<c r="">', '<c r="12">'])
def test_a_cell_without_an_address_is_no_cell_to_guess(tag: str) -> None:
    part = f'<worksheet><row><c r="A1"><v>1</v></c>{tag}<v>1</v></c></row></worksheet>'
    with pytest.raises(ValueError, match="no address"):
        scan_cells(io.BytesIO(part.encode()))


def test_what_is_not_a_cell_is_passed_over() -> None:
    part = "<worksheet><cols><col/></cols><cfRule/><row/><f1/><values/></worksheet>"
    assert len(scan_cells(io.BytesIO(part.encode())).row) == 0


def test_the_text_of_an_error_is_kept() -> None:
    part = '<row><c r="B3" s="2" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    assert scan_cells(io.BytesIO(part.encode())).errors == {(2, 1): "#DIV/0!"}
