"""A model's folder is checked before it is used: every fault is one of our errors that names the place."""

import json
from hashlib import sha256

import numpy as np
import pytest
from tiny_model import make_model, write_graph, write_json

from govie.errors import MissingExtraError, ModelError
from govie.model.loading import open_model
from govie.model.store import SUMS, ModelFolder, shipped_folder, write_sums


@pytest.fixture
def folder(tmp_path):
    return make_model(tmp_path / "model")


def opened(folder):
    return open_model(str(folder), "cpu", 1)


def test_the_hash_names_the_content_and_not_the_card(folder, tiny):
    before = ModelFolder(folder).hash
    assert before == ModelFolder(tiny).hash
    (folder / "README.md").write_text("another card", encoding="utf-8")
    assert ModelFolder(folder).hash == before
    write_sums(folder)
    assert ModelFolder(folder).hash == before
    (folder / "README.md").unlink()
    assert ModelFolder(folder).hash == before
    write_json(folder / "config.json", {"other": 1})
    write_sums(folder)
    assert ModelFolder(folder).hash != before


def test_the_sums_of_the_shipped_folder_hold_card_included():
    folder = shipped_folder()
    lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    listed = dict(reversed(line.split("  ")) for line in lines)
    assert {"README.md", "model.onnx", "model.safetensors"} <= set(listed)
    for name, recorded in listed.items():
        assert sha256((folder / name).read_bytes()).hexdigest() == recorded, name


@pytest.mark.parametrize(
    "name", ["model.onnx", "model.safetensors", "config.json", "vocab.txt", "labels.json", "calibration.json", SUMS]
)
def test_missing_and_damaged_files(folder, name):
    (folder / name).write_bytes((folder / name).read_bytes()[:-7] + b"damaged")
    with pytest.raises(ModelError, match="model"):
        opened(folder)
    (folder / name).unlink()
    with pytest.raises(ModelError, match="model"):
        opened(folder)


@pytest.mark.parametrize("name", ["model.safetensors", "vocab.txt", "labels.json"])
def test_a_file_that_the_sums_leave_out(folder, name):
    kept = [line for line in (folder / SUMS).read_text().splitlines() if name not in line]
    (folder / SUMS).write_text("\n".join(kept))
    with pytest.raises(ModelError, match=SUMS):
        opened(folder)


def rewritten(folder, name, change):
    content = json.loads((folder / name).read_text())
    change(content)
    write_json(folder / name, content)
    write_sums(folder)


MISMATCHES = {
    "labels of another version": lambda folder: rewritten(folder, "labels.json", lambda labels: labels["tags"].pop()),
    "a calibration of another form": lambda folder: rewritten(folder, "calibration.json", dict.clear),
    "scales of another form": lambda folder: rewritten(
        folder, "calibration.json", lambda scales: scales["spans"].update(UNIT={"bend": 1})
    ),
    "more characters than the graph knows": lambda folder: (
        write_graph(folder / "model.onnx", np.random.default_rng(1), size=9),
        write_sums(folder),
    ),
    "no graph": lambda folder: ((folder / "model.onnx").write_bytes(b"graph"), write_sums(folder)),
    "no tensors": lambda folder: ((folder / "model.safetensors").write_bytes(b"tensors"), write_sums(folder)),
    "a vocabulary without frame tokens": lambda folder: ((folder / "vocab.txt").write_text("a\nb"), write_sums(folder)),
}


@pytest.mark.parametrize("break_it", MISMATCHES.values(), ids=MISMATCHES.keys())
def test_parts_that_do_not_fit(folder, break_it):
    break_it(folder)
    with pytest.raises(ModelError, match=str(folder)):
        opened(folder)


def test_no_folder_and_no_model(tmp_path):
    for place in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(ModelError, match=str(place)):
            opened(place)


def test_a_name_that_is_neither_folder_nor_installed_for(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "huggingface_hub", None)
    with pytest.raises(MissingExtraError, match=r"no folder somebody/model.*govie\[gpu\]"):
        open_model("somebody/model")
