"""The comparison with peers: its counting, and what a peer's runner reads and writes."""

import sys
from decimal import Decimal
from pathlib import Path

import pytest
from quantities_vs_peers import Agreement, Found, Side, agreement, differing, marked, page, theirs

PEERS = Path(__file__).parents[2] / "benchmarks" / "peers"


def test_agreement_counts_stretches_and_numbers():
    ours = [[Found(0, 3, Decimal(5)), Found(5, 7, Decimal(2)), Found(9, 10, None), Found(20, 22, None)]]
    other = [[Found(0, 3, Decimal("5.0")), Found(5, 7, Decimal(3)), Found(8, 10, None), Found(30, 31, None)]]
    assert agreement(ours, other) == Agreement(same=2, same_number=1, overlapping=1, only_first=1, only_second=1)


def test_differing_sentences_are_a_seeded_choice():
    one = [[Found(0, 1, None)] for _ in range(50)]
    other = [[Found(0, 1, Decimal(1))] if i % 2 else [] for i in range(50)]
    chosen = differing([(one, other)], 10, seed=1)
    assert chosen == differing([(one, other)], 10, seed=1)
    assert len(chosen) == 10
    assert all(i % 2 == 0 for i in chosen)


def test_the_page_holds_counts_and_sentences():
    sides = [Side("govie", [[Found(2, 5, Decimal(3), True)]], 0.1), Side("jionlp 1", [[]], 0.2)]
    written = page(["投资3万元\n"], [*sides, Side("recognizers 2", [[Found(2, 5, Decimal(3))]], 0.3)], 5, 0)
    assert "| jionlp 1 (govie's sums of money) | 0 | 0 | 0 | 1 | 0 |" in written
    assert "| recognizers 2 | 1 | 1 | 0 | 0 | 0 |" in written
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
