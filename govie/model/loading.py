"""From a name to a tagger: the folder is found and checked, the backend chosen."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from govie.config import Device
from govie.errors import MissingExtraError, ModelError
from govie.model.features import Input
from govie.model.store import ModelFolder, shipped_folder
from govie.model.tagger import Encoder, ModelTagger
from govie.records import SPAN_LABELS
from govie.tags import Mention, SentenceTags

if TYPE_CHECKING:
    from govie.model.network import Network

__all__ = ["open_model", "open_network"]

_HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")


def open_model(name: str | None, device: Device = "auto", threads: int | None = None) -> tuple[ModelTagger, str]:
    """Open a model.

    Args:
        name: a folder, else an id on the Hugging Face hub, which is then downloaded; None for the shipped model.
        device: ``"cuda"`` runs the weights in torch; ``"cpu"`` and ``"auto"`` the graph in ONNX Runtime, or the weights
            where a model of one's own has no graph, ``"auto"`` then on a GPU if there is one.
        threads: how many sentences a processor reads at the same time; None for one a core.

    Returns:
        The tagger, and the hash that names the model.

    Raises:
        ModelError: there is no such model, or it is damaged or of another version.
        MissingExtraError: the backend is not installed.
    """
    folder = ModelFolder(_folder(name))
    graph = folder.path / "model.onnx"
    on_graph = device != "cuda" and graph.is_file()
    encoder = _graph_encoder(graph, threads) if on_graph else _torch_encoder(folder, device)
    tagger = ModelTagger(encoder, folder.vocabulary(), folder.heads(), folder.calibration(), folder.arbiter())
    _try_out(tagger, folder)
    return tagger, folder.hash


_HINT = SentenceTags((Mention("QUANTITY", 0, 1),))


def _try_out(tagger: ModelTagger, folder: ModelFolder) -> None:
    """Run every part once: what is put together from several models fails here and not on the first document."""
    places = [(label, at, at + 1) for at, label in enumerate(SPAN_LABELS)]
    try:
        tagger.tag([Input("1", hints=_HINT)])
        tagger.link([Input(folder.vocabulary().last), Input("1" * len(places))], [places[:1], places])
    except Exception as error:  # the runtimes' own exceptions share no public base
        raise ModelError(f"its parts do not fit together ({error})", where=str(folder.path)) from None


def _folder(name: str | None) -> Path:
    if name is None:
        shipped = shipped_folder()
        if shipped is None:
            raise ModelError("no model comes with this installation", hint='Use mode="rules", or name a model.')
        return shipped
    if Path(name).is_dir() or not _HUB_ID.fullmatch(name):
        return Path(name)
    return _download(name)


def _download(name: str) -> Path:
    try:
        from huggingface_hub import snapshot_download
    except ImportError:
        raise MissingExtraError(f"There is no folder {name}; to download a model of that name", "gpu") from None
    try:
        return Path(snapshot_download(name))
    except Exception as error:  # the hub's, the network's and the cache's errors share no public base
        raise ModelError(f"neither a folder nor a model on the hub ({error})", where=name) from None


def _graph_encoder(graph: Path, threads: int | None) -> Encoder:
    from govie.model.onnx_backend import OnnxEncoder

    return OnnxEncoder(graph, threads)


def _torch_encoder(folder: ModelFolder, device: Device) -> Encoder:
    try:
        import torch

        from govie.model.torch_backend import TorchEncoder

        network = open_network(folder.path)
    except ImportError:
        raise MissingExtraError("A model without its int8 form, or on a GPU,", "gpu") from None
    if device == "cuda" and not torch.cuda.is_available():
        raise ModelError("torch finds no CUDA device", hint='Use device="cpu".')
    return TorchEncoder(network, "cuda" if device != "cpu" and torch.cuda.is_available() else "cpu")


def open_network(folder: Path) -> Network:
    """Return the network of a model's folder, in torch, float32.

    Raises:
        ModelError: the weights do not fit the configuration.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file
    from transformers import AutoConfig, AutoModel

    from govie.model.network import Network, Sizes

    try:
        tensors = {name: tensor.float() for name, tensor in load_file(folder / "model.safetensors").items()}
        config = AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
        encoder = AutoModel.from_config(config, trust_remote_code=False)
        sizes = Sizes(
            boundary=tensors["boundary.weight"].shape[0] // 2,
            hidden=tensors["pair.head.weight"].shape[0],
            product=tensors["pair.left.weight"].shape[0],
            local=tensors["local.first.weight"].shape[0],
            kernel=tensors["local.first.weight"].shape[2],
        )
        network = Network(encoder, sizes)
        network.load_state_dict(tensors)
    except (KeyError, OSError, RuntimeError, SafetensorError, ValueError) as error:
        raise ModelError(f"the weights do not fit the configuration ({error})", where=str(folder)) from None
    return network.eval()
