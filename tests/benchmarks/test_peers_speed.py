"""The arithmetic and the graphs of the speed scripts; what they measure is not tested here."""

from dataclasses import replace

import numpy as np
from encoder_peak import Work, shares, work
from onnx import helper, numpy_helper
from peers_speed import NAIVE, System, main, missing, table, texts

SYSTEM = System("one", ("python",), (), threads=1)
DOCUMENTS = ["经济增长5%。就业稳定；", "第二篇。\n没有句号"]


def test_sentences_lose_no_character():
    given = texts(DOCUMENTS, replace(SYSTEM, sentences=True))
    assert given == ["经济增长5%。", "就业稳定；", "第二篇。", "\n", "没有句号"]


def test_a_slow_system_reads_exactly_so_much():
    assert "".join(texts(DOCUMENTS, replace(SYSTEM, most=14))) == "".join(DOCUMENTS)[:14]


def test_the_table_compares_systems_of_as_many_threads():
    def figures(speed):
        return {"rate": speed, "by processor": speed, "peak": 100.0, "first": 0.5}

    fast, naive, other = SYSTEM, replace(SYSTEM, name=NAIVE), replace(SYSTEM, threads=2)
    measured = {fast: [figures(s) for s in (10, 800, 900)], naive: [figures(100)], other: [figures(300)]}
    rows = table(measured, dict.fromkeys(measured, 5)).splitlines()
    assert "| 800 | 800 | 8.0 |" in rows[2], "the median, and times the pipeline"
    assert "| 300 | 300 | – |" in rows[4], "no pipeline of two threads was measured"


def test_what_is_not_installed_is_named_and_left_out(capsys, monkeypatch):
    import sys

    absent = replace(SYSTEM, command=(sys.executable,), packages=("json", "no_such_package"))
    assert missing(absent) == "no_such_package"
    monkeypatch.setattr("peers_speed.systems", lambda *_: [absent])
    assert main(["--table-only"]) == 0
    assert "left out: one, 1 threads: no no_such_package; pip install" in capsys.readouterr().out


def test_shares_of_a_profile():
    events = [
        {"cat": "Node", "name": "a_kernel_time", "dur": 30, "args": {"op_name": "MatMul"}},
        {"cat": "Node", "name": "b_kernel_time", "dur": 10, "args": {"op_name": "Add"}},
        {"cat": "Session", "name": "run", "dur": 99},
    ]
    assert shares(events) == {"MatMul": 0.75, "Add": 0.25}


def test_operations_are_counted_from_the_weights():
    weights = [
        numpy_helper.from_array(np.ones((3, 4), np.int8), "w"),
        numpy_helper.from_array(np.ones((4, 3, 5), np.int8), "c"),
    ]
    nodes = [helper.make_node("MatMulInteger", ["x", "w"], ["y"]), helper.make_node("ConvInteger", ["x", "c"], ["z"])]
    counted = work(helper.make_graph(nodes, "g", [], [], weights), layers=2, hidden=8)
    assert counted == Work(2 * 12 + 2 * 60, 4 * 8 * 2)
    assert counted.of(rows=2, length=10) == 20 * (144 + 64 * 10)
