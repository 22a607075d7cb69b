"""The comparison with peers: its counting, and what a peer's runner reads and writes."""

import sys
from decimal import Decimal
from pathlib import Path

import pytest
from quantities_vs_peers import Found, Side, differing, marked, meetings, page, theirs

PEERS = Path(__file__).parents[2] / "benchmarks" / "peers"


@pytest.mark.parametrize(
    ("ours", "theirs", "met"),
    [
        ([(0, 3, 5)], [(0, 3, "5.0")], "same stretch"),
        ([(0, 3, 5)], [(0, 3, 6)], "same stretch, another number"),
        ([(0, 4, "0.1666666666666666666")], [(0, 4, "0.166666666666667")], "same stretch"),
        ([(0, 3, None)], [(0, 3, 0)], "same stretch, another number"),
        ([(0, 3, 5)], [(0, 2, 5)], "another stretch, same number"),
        ([(0, 3, 5)], [(0, 2, None)], "another stretch and number"),
        ([(0, 3, 5)], [], "only govie"),
        ([], [(0, 3, 5)], "only the other"),
    ],
)
def test_how_two_systems_meet(ours, theirs, met):
    def found(places):
        return [Found(start, end, None if number is None else Decimal(number)) for start, end, number in places]

    assert list(meetings(found(ours), found(theirs))) == [met]


def test_neighbours_do_not_meet():
    assert list(meetings([Found(0, 2, None)], [Found(2, 4, None)])) == ["only govie", "only the other"]


def test_every_way_to_differ_is_shown_in_turn_and_the_choice_follows_the_seed():
    ways = [
        {"same stretch"},
        *({"only govie"} for _ in range(20)),
        {"only the other"},
        {"another stretch, same number"},
    ]
    chosen = differing({"peer": ways}, 5, seed=1)
    assert chosen == differing({"peer": ways}, 5, seed=1)
    assert sorted(chosen.values()) == ["only govie (peer)"] * 4 + ["only the other (peer)"]
    assert set(chosen) <= set(range(1, 22))


def test_the_page_holds_counts_and_sentences():
    sides = [Side("govie", [[Found(2, 5, Decimal(3), True)]], 0.1), Side("jionlp 1", [[]], 0.2)]
    written = page(["投资3万元\n"], [*sides, Side("recognizers 2", [[Found(2, 5, Decimal(3))]], 0.3)], 5, 0)
    assert "| jionlp 1, sums of money | 0 | 0 | 0 | 0 | 1 | 0 |" in written
    assert "| recognizers 2 | 1 | 0 | 0 | 0 | 0 | 0 |" in written
    assert "only govie (jionlp 1, sums of money):" in written
    assert "- jionlp 1: 投资3万元" in written
    assert marked("投资3万元", sides[0].found[0]) == "投资【3万元】"


STUB = """
from common import longest, run
def find(sentence):
    return longest([(0, 1, "1"), (0, 2, "10000"), (3, 4, "not a number")])
run("pytest", find)
"""


def test_a_peer_answers_in_its_own_interpreter(tmp_path, monkeypatch):
    (tmp_path / "peers").mkdir()
    (tmp_path / "peers" / "jionlp_money.py").write_text(STUB, "utf-8")
    (tmp_path / "peers" / "common.py").write_bytes((PEERS / "common.py").read_bytes())
    monkeypatch.setattr("quantities_vs_peers.HERE", tmp_path)
    side = theirs("jionlp", sys.executable, ["3万，五"])
    assert side.found == [[Found(0, 2, Decimal(10000)), Found(3, 4, None)]]
    assert side.name == f"jionlp {pytest.__version__}"
    assert side.total == 2
