from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from govie.cli import main

ROOT = Path(__file__).parents[1]
FACTS = "预计地区生产总值完成990亿元，同比增长0.2%左右。\n"


@pytest.fixture
def report(tmp_path) -> Path:
    path = tmp_path / "报告.txt"
    path.write_text(FACTS, encoding="utf-8")
    return path


def by_rule(arguments):
    """The words of a command that leaves the work to the rules unless it says otherwise."""
    command, *more = map(str, arguments)
    rules = ["--mode", "rules"] if command in {"extract", "tasks"} and "--mode" not in more else []
    return [command, *rules, *more]


@pytest.fixture
def run(capfdbinary):
    """Run the command in this process; return exit code, standard output (bytes) and standard error (text)."""

    def run(*arguments):
        code = main(by_rule(arguments))
        out, err = capfdbinary.readouterr()
        return code, out, err.decode()

    return run


def _process(*arguments, **options):
    return subprocess.Popen(
        [sys.executable, "-m", "govie", *by_rule(arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **options,
    )


def test_the_table_is_readable_without_a_terminal(run, report):
    code, out, err = run("extract", report)
    assert (code, err) == (0, "")
    assert "地区生产总值" in out.decode()
    assert "增长 0.2%左右" in out.decode()
    assert b"\x1b" not in out


def test_columns_line_up_under_wide_characters(run, report, monkeypatch):
    from rich.cells import cell_len

    monkeypatch.setenv("COLUMNS", "80")
    lines = run("extract", report)[1].decode().splitlines()
    rows = [line for line in lines if "预计" in line]
    assert len(rows) == 2
    assert len({cell_len(line[: line.index("预计")]) for line in rows}) == 1
    assert max(map(cell_len, lines)) <= 80


def test_csv_goes_where_it_is_told(run, report, tmp_path):
    path = tmp_path / "facts.csv"
    assert run("extract", report, "--out", path) == (0, b"", "")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["value"] for row in rows] == ["990", "0.2"]
    assert {row["path"] for row in rows} == {str(report)}


def test_jsonl_is_one_object_a_document(run, report):
    code, out, _ = run("extract", report, report, "--format", "jsonl")
    first, second = map(json.loads, out.decode().splitlines())
    assert code == 0
    assert first == second
    assert (first["path"], first["text"], len(first["facts"])) == (str(report), FACTS, 2)


@pytest.mark.parametrize(("suffix", "start"), [("html", b"<!DOCTYPE html>"), ("parquet", b"PAR1"), ("txt", b"")])
def test_the_suffix_names_the_format(run, report, tmp_path, suffix, start):
    path = tmp_path / f"out.{suffix}"
    assert run("extract", report, "-o", path)[0] == 0
    assert path.read_bytes().startswith(start)
    assert path.stat().st_size > 100


def test_standard_input_is_bytes_in_any_encoding(report):
    process = _process("extract", "-", "--format", "jsonl")
    out, err = process.communicate(FACTS.encode("gb18030"))
    assert (process.returncode, err) == (0, b"")
    assert json.loads(out)["path"] == "-"
    assert json.loads(out)["text"] == FACTS


def test_a_file_that_fails_does_not_stop_the_others(run, report, tmp_path):
    broken = tmp_path / "broken.docx"
    broken.write_bytes(b"PK\x03\x04 not really")
    code, out, err = run("extract", broken, tmp_path / "missing.txt", tmp_path, report, "--format", "jsonl")
    assert code == 1
    assert len(out.splitlines()) == 1
    for name, words in ((broken, "broken.docx"), ("missing.txt", "missing.txt"), (tmp_path, "this is a directory")):
        assert words in err, name
    assert err.count("govie: error:") == 3
    assert err.count("  hint: ") >= 2
    assert "Traceback" not in err


def test_standard_input_has_a_name_of_its_own():
    _, err = _process("extract", "-").communicate(b"PK\x03\x04 not really")
    assert b"govie: error: standard input: " in err


def test_a_fault_of_ours_is_a_message_too(run, report, monkeypatch):
    monkeypatch.setattr("govie.pipeline.find_task_rows", lambda document: 1 / 0)
    code, _, err = run("extract", report)
    assert code == 1
    assert "unexpected ZeroDivisionError: division by zero" in err
    assert "hint: This is a fault of govie" in err


def test_nothing_found_is_no_failure(run, tmp_path):
    empty = tmp_path / "empty.txt"
    empty.touch()
    code, out, err = run("extract", empty, "--format", "csv")
    assert (code, len(out.splitlines())) == (0, 1)
    assert err == f"govie: note: {empty}: no facts found\n"
    assert "no tasks found" in run("tasks", empty)[2]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["extract"], "Missing argument 'FILE…'"),
        (["extract", "a.txt", "--mode", "magic"], "'magic' is not one of 'auto', 'rules', 'model'"),
        (["extract", "a.txt", "--format", "xml"], "'xml' is not one of"),
        (["extract", "a.txt", "--out", "a.xlsx"], "no format has the suffix .xlsx"),
        (["extract", "-", "-"], "standard input (-) can be read only once"),
        (["convert"], "No such command 'convert'"),
    ],
)
def test_wrong_usage_is_told_apart(run, arguments, words):
    code, out, err = run(*arguments)
    assert (code, out) == (2, b"")
    assert words in err


def test_an_input_is_never_overwritten(run, report):
    code, _, err = run("extract", report, "--format", "csv", "--out", report)
    assert code == 2
    assert "would overwrite an input file" in err
    assert report.read_text(encoding="utf-8") == FACTS


def test_output_that_cannot_be_written_is_a_failure(run, report, tmp_path):
    code, _, err = run("extract", report, "--out", tmp_path / "no" / "where.csv")
    assert code == 1
    assert "where.csv: No such file or directory" in err


def test_a_name_cannot_drive_the_terminal(run, tmp_path):
    path = tmp_path / "a\x1b[31mb.txt"
    assert "\x1b" not in run("extract", path)[2]
    path.write_text("x\x1b[31m" + FACTS, encoding="utf-8")
    _, out, err = run("extract", path)
    assert b"\x1b" not in out
    assert "\x1b" not in err


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux takes any bytes for a file name")
@pytest.mark.parametrize("form", ["table", "jsonl", "csv", "html"])
def test_a_file_name_that_is_no_text(run, tmp_path, form):
    path = os.fsdecode(os.fsencode(tmp_path) + b"/\xff.txt")
    Path(path).write_text(FACTS, encoding="utf-8")
    assert run("extract", path, "--format", form)[0] == 0


def test_a_dash_is_standard_output(run, report, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, _ = run("extract", report, "--format", "csv", "--out", "-")
    assert (code, len(out.splitlines())) == (0, 3)
    assert [path.name for path in tmp_path.iterdir()] == [report.name]


def test_one_fact_is_not_several(run, tmp_path):
    path = tmp_path / "one.txt"
    path.write_text("地区生产总值完成990亿元。", encoding="utf-8")
    assert "1 fact · " in run("extract", path)[1].decode()


def test_an_empty_path_is_no_directory(run):
    code, _, err = run("extract", "")
    assert code == 1
    assert "the path is empty" in err


def test_a_missing_model_names_the_option(run, report, monkeypatch):
    monkeypatch.setattr("govie.model.loading.shipped_folder", lambda: None)
    code, _, err = run("extract", report, "--mode", "model")
    assert code == 1
    assert err.startswith("govie: error: --mode model: ")


def test_warnings_are_told_like_everything_else(run, tmp_path):
    path = tmp_path / "a\x1b[31mb.html"
    path.write_text("<html><script>1</script></html>", encoding="utf-8")
    _, _, err = run("extract", path)
    assert err.count("govie: warning: ") == 1
    assert "\x1b" not in err


def test_an_encoding_without_chinese_is_no_error(report):
    process = _process("extract", report, env=os.environ | {"PYTHONIOENCODING": "ascii"})
    out, err = process.communicate()
    assert (process.returncode, err) == (0, b"")
    assert "地区生产总值".encode("ascii", "backslashreplace") in out


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("arguments", [["--help"], ["extract"], ["extract", "--format", "csv"]])
def test_a_full_disk_is_a_message(report, arguments):
    files = [report] if arguments != ["--help"] else []
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "govie", *arguments, *files]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(b"govie: error: standard output: ")


@pytest.mark.skipif(os.name != "posix", reason="closed streams are a matter of shells")
@pytest.mark.parametrize(
    ("closed", "code", "words"),
    [
        (">&-", 2, "standard output is closed"),
        ("--out facts.csv 2>&-", 0, ""),
        ("--out facts.csv - <&-", 1, "standard input: it is closed"),
    ],
)
def test_closed_streams_are_no_fault(report, closed, code, words):
    command = f"{sys.executable} -m govie extract --mode rules {report} {closed}"
    done = subprocess.run(
        ["sh", "-c", command],
        capture_output=True,
        check=False,
        cwd=report.parent,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == code
    assert words in done.stderr.decode()
    assert b"Traceback" not in done.stderr


def test_version_and_help_load_nothing_heavy():
    code = (
        "import sys; from govie.cli import main; "
        "assert main(['--version']) == 0; assert main(['extract', '--help']) == 0; "
        "print([name for name in ('rich', 'bs4', 'lxml', 'pandas', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("govie, version ")
    assert done.stdout.endswith("[]\n")


def test_a_reader_that_leaves_is_no_error(tmp_path):
    path = tmp_path / "long.txt"
    path.write_text(FACTS * 2000, encoding="utf-8")
    process = _process("extract", path, "--format", "csv")
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait() == 1


def test_an_interrupt_is_quiet(tmp_path):
    (tmp_path / "empty.txt").touch()
    process = _process("extract", tmp_path / "empty.txt", "-")
    assert b"no facts found" in process.stderr.readline()  # now it waits for standard input
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    assert process.returncode == 130
    assert b"Traceback" not in err
