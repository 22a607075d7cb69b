"""The encoder in torch, for a GPU and for measuring a model in training."""

from __future__ import annotations

import numpy as np
import torch

from govie.model.arrays import Floats, Integers
from govie.model.heads import HEAD_TENSORS
from govie.model.network import Network

__all__ = ["TorchEncoder", "head_tensors"]


class TorchEncoder:
    """Runs the network; on a GPU in half precision.

    Args:
        network: the trained network; it is put into evaluation mode.
        device: a torch device.
    """

    batch_tokens = 16384
    calls = 1

    def __init__(self, network: Network, device: str = "cpu") -> None:
        self._device = torch.device(device)
        self._network = network.to(self._device).eval()

    def __call__(self, ids: Integers, real: Integers) -> tuple[Floats, Floats]:
        """Return tag scores and boundary rows, float32."""
        given = [torch.from_numpy(np.ascontiguousarray(one)).to(self._device) for one in (ids, real)]
        half = self._device.type == "cuda"
        with torch.inference_mode(), torch.autocast(self._device.type, torch.float16, enabled=half):
            tags, rows = self._network(*given)
        return tags.float().cpu().numpy(), rows.float().cpu().numpy()


def head_tensors(network: Network) -> dict[str, Floats]:
    """Return the tensors that :class:`govie.model.heads.Heads` applies."""
    state = network.state_dict()
    return {name: state[name].detach().float().cpu().numpy() for name in HEAD_TENSORS}
