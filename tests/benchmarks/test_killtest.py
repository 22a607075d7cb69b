"""A small run of the kill test, and that it would notice a loss."""

import sys

import killtest
import pytest
from manydocs import write_documents

from govie.batch import BatchOptions, run_batch
from govie.errors import OutputError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")


def test_a_killed_job_goes_on_and_has_every_document_once(tmp_path):
    pytest.importorskip("pyarrow")
    report = killtest.kill_and_resume(tmp_path, documents=60, kills=4, pause=3.0, seed=1)
    assert report.faults == []
    assert sum(report.killed.values()) == 4
    assert report.failed == 0


def test_losses_are_noticed(tmp_path):
    pytest.importorskip("pyarrow")
    names = write_documents(tmp_path / "documents", 6)
    out = tmp_path / "out"
    run_batch(tmp_path / "documents", out, BatchOptions(mode="rules", workers=1, form="parquet", part_documents=2))
    assert killtest.faults(out, names) == []
    assert killtest.faults(out, [*names, "lost.txt"]) == ["lost.txt: 0 times"]
    (out / "facts" / "part-000002.parquet").rename(out / "facts" / "part-000009.parquet")
    with pytest.raises(OutputError, match="damaged"):
        killtest.faults(out, names)
