"""The speed scripts' arithmetic and parsing; what they measure is not tested here."""

import cores
import importtime
import pytest
import speed


@pytest.mark.parametrize("power", [0.5, 1.0, 2.0])
def test_the_exponent_of_growth(power):
    sizes = [1_000, 10_000, 100_000]
    assert speed.exponent(sizes, [3e-6 * size**power for size in sizes]) == pytest.approx(power)


def test_short_calls_are_repeated_and_the_time_is_of_one():
    calls = []
    assert 0 < speed.seconds(lambda: calls.append(1)) < speed.SHORTEST_MEASUREMENT / 10
    assert len(calls) > 10


REPORT = """import time: self [us] | cumulative | imported package
import time:        90 |         90 |   lxml.etree
import time:       200 |        290 | govie
"""


def test_the_import_report_is_parsed_and_heavy_packages_are_named():
    imported = importtime.parse(REPORT)
    assert imported == [importtime.Imported("lxml.etree", 90, 90), importtime.Imported("govie", 200, 290)]
    assert importtime.heavy(imported) == {"lxml"}
    assert not importtime.heavy(imported[1:])


def test_processes_read_everything_together():
    assert cores.rate(cores.SEEDS[:1], "rules", processes=2, threads=1, rounds=2) > 0
