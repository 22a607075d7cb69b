"""Task rows: every form of table and list, the seed's table row by row, and what holds for any text."""

import itertools
import sys
import time

import pytest
from cases import DATA
from hypothesis import given
from hypothesis import strategies as st

from govie.document import Cell, Document, Sentence, Table
from govie.reading.normalise import plain_form
from govie.rules.tasktable import find_task_rows

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

SEED = "004_8f7669790fd4255f.txt"
FORMS = tomllib.loads((DATA / "rules" / "task_tables.toml").read_text("utf-8"))
SEED_TASKS = tomllib.loads((DATA / "seed_004_tasks.toml").read_text("utf-8"))["tasks"]


def document(text, tables=(), sentences=()):
    return Document(text, plain_form(text), tables=tables, sentences=sentences)


def grid(cells):
    """Lay out cells in a text, a line each, and return the document with the grid; see the case file for the signs."""
    text, rows = "", []
    for row in cells:
        places = []
        for at, words in enumerate(row):
            if words == "^":
                places.append(rows[-1][at])
            elif words == "<":
                places.append(places[-1])
            else:
                places.append(Cell(len(text), len(text) + len(words)))
                text += words + "\n"
        rows.append(tuple(places))
    return document(text, tables=(Table(0, len(text), tuple(rows)),))


def found(read):
    """Return the rows as the case files write them."""
    return [
        {
            **({"number": row.number} if row.number else {}),
            "text": read.text[row.start : row.end],
            **{
                role: [read.text[unit.start : unit.end] for unit in row.agencies if unit.role == role]
                for role in ("lead", "support")
            },
        }
        for row in find_task_rows(read)
    ]


def naming(case):
    return f"{case['cohort']}: {case['construction']}"


@pytest.mark.parametrize("case", FORMS["case"], ids=naming)
def test_rows_of_a_text(case):
    assert found(document(case["text"])) == case["rows"]


@pytest.mark.parametrize("case", FORMS["case"], ids=naming)
def test_rows_of_a_text_in_full_width_forms(case):
    wide = case["text"].translate({ord(half): full for half, full in zip("(),:;", "（），：；", strict=True)})
    assert len(found(document(wide))) == len(case["rows"])


@pytest.mark.parametrize("case", FORMS["grid"], ids=naming)
def test_rows_of_a_grid(case):
    assert found(grid(case["cells"])) == case["rows"]


@pytest.fixture(scope="module")
def seed_rows(pytestconfig):
    text = (pytestconfig.rootpath / "seeds" / SEED).read_text("utf-8")
    body = text.index("文件链接:")
    return found(document(text, sentences=(Sentence(0, body), Sentence(body, len(text), noise=True))))


@pytest.mark.parametrize("several", [False, True], ids=["two cells", "three or more cells"])
def test_seed_rows_with(several, seed_rows):
    expected = [
        (task["number"], task["lead"], task["support"]) for task in SEED_TASKS if task.get("several", False) is several
    ]
    numbers = {number for number, *_ in expected}
    rows = [(row["number"], row["lead"], row["support"]) for row in seed_rows if row["number"] in numbers]
    assert rows == expected


def test_every_seed_row_is_found_once(seed_rows):
    assert [row["number"] for row in seed_rows] == [str(number) for number in range(1, 92)]


def test_seed_rows_hold_the_whole_text_of_the_task(seed_rows):
    texts = {row["number"]: row["text"] for row in seed_rows}
    assert texts["67"].startswith("实现城镇新增就业1.95万人")
    assert texts["67"].endswith("舒心就业社区覆盖率达到80%。")
    assert texts["40"].endswith("共促繁荣")


def test_page_furniture_holds_no_rows():
    text = "1.新建公园12个。(责任单位:区城管局)\n主办:某市人民政府 承办:某市人民政府办公室\n"
    furniture = text.index("主办")
    read = document(text, sentences=(Sentence(0, furniture), Sentence(furniture, len(text), noise=True)))
    assert [row["number"] for row in found(read)] == ["1"]


FRAGMENTS = [
    "序号",
    "工作任务",
    "牵头单位",
    "责任单位",
    "\n",
    "\t",
    "1",
    "2",
    "1.",
    "一、",
    "新增企业20家。",
    "区发改局",
    "、",
    "(",
    ")",
    "责任单位:",
    "牵头",
    "负责",
    "12月底",
    "注:",
    "|",
]


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=60).map("".join))
def test_rows_lie_in_the_text_and_their_units_apart(text):
    rows = find_task_rows(document(text))
    assert [row.start for row in rows] == sorted(row.start for row in rows)
    assert all(0 <= row.start < row.end <= len(text) for row in rows)
    units = sorted({(unit.start, unit.end) for row in rows for unit in row.agencies})
    assert all(left[1] <= right[0] for left, right in itertools.pairwise(units))


def seconds(text):
    read = document(text)
    began = time.process_time()
    find_task_rows(read)
    return time.process_time() - began


@pytest.mark.parametrize(
    "piece",
    [
        "(",
        "负责)",
        "责任单位:",
        "(责任单位:区教育局)",
        "序号\n任务\n责任单位\n",
        "1\n新增企业\n区教育局\n",
        "单位\n",
        "城区\n",
    ],
)
def test_time_is_linear_in_the_length(piece):
    """Tenfold text may take tenfold time, with room for noise; quadratic work would take a hundredfold."""
    seconds(piece)
    assert seconds(piece * 10_000) < 40 * seconds(piece * 1_000) + 0.2
