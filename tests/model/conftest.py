"""What the model's tests share: a tiny model."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_model import make_model

from govie.model.loading import open_model
from govie.model.tagger import ModelTagger


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="session")
def tagger(tiny: Path) -> ModelTagger:
    return open_model(str(tiny), "cpu", 1)[0]
