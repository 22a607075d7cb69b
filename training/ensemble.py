"""Several runs as one tagger: their opinions of each character are averaged."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from govie.errors import OptionError
from govie.model.arbiter import Arbiter
from govie.model.arrays import Floats, Integers
from govie.model.calibration import Calibration
from govie.model.decode import log_softmax
from govie.model.heads import Heads
from govie.model.loading import open_network
from govie.model.store import ModelFolder
from govie.model.tagger import Encoder, ModelTagger
from govie.model.torch_backend import TorchEncoder, head_tensors
from training.run import Run

__all__ = ["Ensemble", "ensemble_tagger"]


class Ensemble:
    """Averages the tag probabilities of encoders; what the first says of mentions' ends stands.

    Args:
        encoders: of one vocabulary and one set of tags.
    """

    batch_tokens = TorchEncoder.batch_tokens
    calls = 1

    def __init__(self, encoders: Sequence[Encoder]) -> None:
        self._encoders = encoders

    def __call__(self, ids: Integers, real: Integers) -> tuple[Floats, Floats]:
        """Return logarithms of mean tag probabilities, and the first encoder's boundary rows."""
        said = [encoder(ids, real) for encoder in self._encoders]
        mean: Floats = np.mean([np.exp(log_softmax(scores)) for scores, _ in said], axis=0)
        return np.log(mean + 1e-12, dtype=np.float32), said[0][1]


def ensemble_tagger(runs: Sequence[Run], arbiter: Arbiter | None = None) -> ModelTagger:
    """Return a tagger that tags with all runs and links with the first, uncalibrated.

    Args:
        runs: fine-tuned from bases of one vocabulary.
        arbiter: settles differences with the rules; none is used by default.

    Raises:
        OptionError: a vocabulary differs from the first.
    """
    folders = [ModelFolder(run.folder) for run in runs]
    words = [(run.folder / "vocab.txt").read_bytes() for run in runs]
    if strange := [run.folder for run, own in zip(runs, words, strict=True) if own != words[0]]:
        raise OptionError("the runs of an ensemble must share their vocabulary", where=str(strange[0]))
    networks = [open_network(folder.path) for folder in folders]
    encoder = Ensemble([TorchEncoder(network) for network in networks])
    return ModelTagger(encoder, folders[0].vocabulary(), Heads(head_tensors(networks[0])), Calibration(), arbiter)
