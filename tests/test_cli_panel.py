"""The command govie panel."""

import csv
import io
from decimal import Decimal

import pytest

from govie.cli import main

REPORT = (
    "2026年云南省政府工作报告\n一、2026年工作安排\n"
    "今年主要预期目标是：地区生产总值增长4.5%左右，居民收入增长与经济增长同步。"
)


@pytest.fixture
def report(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "云南.txt"
    path.write_text(REPORT, encoding="utf-8")
    return path


def run(*arguments):
    return main([str(argument) for argument in ("panel", "--mode", "rules", *arguments)])


def test_csv_holds_the_panel(report, tmp_path):
    assert run(report, "--out", "p.csv") == 0
    income, row = csv.DictReader(io.StringIO((tmp_path / "p.csv").read_text("utf-8-sig")))
    assert (income["relative"], income["value"]) == ("与经济增长同步", "")
    assert (row["region_code"], row["year"], row["indicator_id"], row["value"]) == ("530000", "2026", "gdp", "4.5")
    assert (row["path"], row["stretch"]) == (str(report), "")


def test_parquet_holds_exact_decimals(report, tmp_path):
    import pandas

    assert run(report, "--out", "p.parquet") == 0
    assert Decimal("4.5") in set(pandas.read_parquet(tmp_path / "p.parquet")["value"])


def test_the_table_is_for_reading(report, capsys):
    assert run(report) == 0
    shown = capsys.readouterr().out
    assert "地区生产总值" in shown
    assert "4.5%" in shown


def test_a_picture_is_drawn_beside_the_table(report, tmp_path):
    pytest.importorskip("matplotlib")
    assert run(report, "--out", "p.csv", "--plot", "gdp") == 0
    assert (tmp_path / "gdp.png").read_bytes().startswith(b"\x89PNG")


def test_a_picture_that_cannot_be_written_is_named(report, capsys):
    pytest.importorskip("matplotlib")
    assert run(report, "--plot", "gdp", "--picture", "no/gdp.png") == 1
    assert "no/gdp.png: No such file or directory" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        (("--plot", "gpd"), 2, "Perhaps gdp"),
        (("--plot", "gdp", "--picture", "gdp.doc"), 2, "one of png, svg, pdf"),
        (("--picture", "gdp.png"), 2, "--plot"),
        (("--out", "p.xlsx"), 2, "no format has the suffix"),
        (("--out", "p.html"), 2, "no format has the suffix"),
        (("--out", "no/p.csv"), 1, "no/p.csv: No such file or directory"),
    ],
)
def test_wrong_use_is_told(report, capsys, options, code, told):
    assert run(report, *options) == code
    assert told in capsys.readouterr().err


def test_a_bad_file_does_not_stop_the_others(report, tmp_path, capsys):
    assert run(report, "gone.txt", "--out", "p.csv") == 1
    assert "gone.txt" in capsys.readouterr().err
    assert (tmp_path / "p.csv").exists()
