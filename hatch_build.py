"""Build hook: the wheel carries the shipped model as ``govie/shipped/``; a checkout has it in ``models/``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MODEL = "govie-zh-4x256"


class ShippedModel(BuildHookInterface):  # type: ignore[type-arg]
    """Adds the model's folder, once it is whole; an editable installation finds it where it is."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the folder for inclusion."""
        folder = Path(self.root) / "models" / MODEL
        if version == "standard" and (folder / "SHA256SUMS").is_file():
            build_data["force_include"][str(folder)] = f"govie/shipped/{MODEL}"
