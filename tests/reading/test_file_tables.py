from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from govie.config import LIMITS, Limits
from govie.document import Cell
from govie.reading.flow import Flow
from govie.reading.html_skeleton import PART, skeleton
from govie.reading.tables import SpanningCell, expand

SPANS = st.tuples(st.integers(1, 4), st.integers(1, 4))
TABLES = st.lists(st.lists(SPANS, min_size=1, max_size=5), min_size=1, max_size=6)


def numbered(table):
    """Cells that tell themselves apart by their offsets."""
    rows, number = [], 0
    for row in table:
        rows.append([SpanningCell(Cell(number + at, number + at + 1), *spans) for at, spans in enumerate(row)])
        number += len(row)
    return rows


@given(TABLES)
def test_a_grid_has_no_holes_in_its_shape_and_loses_no_cell(table):
    rows = numbered(table)
    grid = expand(rows, 1000)
    assert len(grid) == len(rows)
    assert len({len(line) for line in grid}) == 1
    shown = {cell for line in grid for cell in line if cell.end > cell.start}
    assert shown == {spanning.cell for row in rows for spanning in row}
    for cell in shown:
        places = [(y, x) for y, line in enumerate(grid) for x, there in enumerate(line) if there == cell]
        height, width = (len({place[axis] for place in places}) for axis in (0, 1))
        assert len(places) == height * width


def test_cells_below_a_span_move_to_the_first_free_column():
    rows = numbered([[(1, 2), (1, 1)], [(1, 1)], [(1, 1), (1, 1)]])
    assert [[cell.start for cell in line] for line in expand(rows, 100)] == [[0, 1], [0, 2], [3, 4]]


def test_limits_of_grids():
    assert expand(numbered([[(1, 1)] * 3] * 4), 11) is None
    assert expand(numbered([[(1, 10**6)] * 50] * 100), 3000) is None
    assert expand(numbered([[(10**9, 10**9)]]), 10) == ((Cell(0, 1),),)


def test_a_flow_divides_lines_rows_and_cells():
    flow = Flow(LIMITS, "x")
    flow.line_break()
    flow.write_text(" 前 \n ", 0)
    flow.begin_table()
    for row in (("甲", ""), ("", "乙")):
        flow.begin_row()
        for words in row:
            flow.begin_cell()
            flow.write_text(words, 10)
            flow.line_break()
            flow.end_cell()
    flow.end_table()
    flow.write_text("后", 20)
    assert flow.assembler.text == "前\n甲\t\n\t乙\n后"
    assert [[(cell.start, cell.end) for cell in row] for row in flow.tables[0].rows] == [
        [(2, 3), (4, 4)],
        [(5, 5), (6, 7)],
    ]
    assert (flow.tables[0].start, flow.tables[0].end) == (2, 7)


TAGS = [
    "div",
    "p",
    "table",
    "tr",
    "td",
    "th",
    "tbody",
    "a href=x",
    "span hidden",
    "li",
    "h1",
    "b",
    "br",
    "option",
    "script",
]
MARKUP = st.lists(
    st.builds("<{}{}>".format, st.sampled_from(["", "/"]), st.sampled_from(TAGS)) | st.just("字"), max_size=60
)
TAG = re.compile(r"<(/?)(\w+)[^>]*>")


@settings(max_examples=200)
@given(MARKUP.map("".join), st.integers(1, 9))
def test_a_skeleton_is_balanced_and_no_deeper_than_asked(source, depth):
    found = skeleton(source, Limits(html_depth=depth), "x")
    stack = []
    for end, name in TAG.findall(found.markup):
        if end:
            assert stack.pop() == name
        else:
            stack.append(name)
        assert len(stack) <= depth
    assert not stack
    numbers = [int(match["run"]) for match in PART.finditer(found.markup) if match["run"]]
    assert numbers == list(range(len(found.runs)))
    shown = "".join(source[start:end] for start, end in found.runs)
    assert shown.count("字") == source.count("字") or "<script" in source
