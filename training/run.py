"""One fine-tuning run: what it starts from, what it leaves out, and the folder it writes.

Beside the files of a model's folder (:mod:`govie.model.store`) a run's folder holds

===============  ===========================================================================================
``run.json``     settings, seed, data and their hash, documents trained on and held out, code, environment
``scores.json``  scores on the documents held out, if there are any; see :func:`training.ways.scores`
===============  ===========================================================================================
"""

from __future__ import annotations

import argparse
import json
import logging
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from govie.errors import GovieError, OptionError, ReadError
from govie.model.store import ModelFolder
from govie.model.vocabulary import CharacterVocabulary
from training.examples import Example, load_examples
from training.files import write_atomically
from training.provenance import environment, file_hash, git_revision
from training.splits import Splits, divide
from training.tables import read_tables
from training.ways import answer, scores

if TYPE_CHECKING:
    from govie.model.network import Network
    from govie.model.tagger import ModelTagger
    from training.finetune import Settings

__all__ = [
    "Data",
    "HeldOut",
    "Run",
    "Start",
    "add_data_options",
    "add_training_options",
    "from_base",
    "from_run",
    "load_settings",
    "main",
    "read_data",
    "train_run",
]

log = logging.getLogger("govie.training")

_RESAMPLES = 1000


@dataclass(frozen=True)
class Run:
    """A finished run.

    Attributes:
        folder: where it lies.
        about: the content of its run.json.
    """

    folder: Path
    about: dict[str, Any]

    @classmethod
    def read(cls, folder: Path) -> Run:
        """Read a run's folder.

        Raises:
            ReadError: it has no run.json.
        """
        path = folder / "run.json"
        if not path.is_file():
            raise ReadError("no fine-tuning run: run.json is missing", where=str(folder))
        return cls(folder, json.loads(path.read_text(encoding="utf-8")))

    @property
    def held_out(self) -> frozenset[str]:
        """Names of the documents that it has not seen."""
        return frozenset(self.about["held_out"]["documents"])

    @property
    def seed(self) -> int:
        """The seed of everything random in it."""
        return int(self.about["settings"]["seed"])

    def tagger(self) -> ModelTagger:
        """Return its tagger in torch, uncalibrated."""
        from govie.model.loading import open_network
        from training.finetune import tagger_of

        made = ModelFolder(self.folder)
        return tagger_of(open_network(self.folder), made.vocabulary(), made.arbiter())


def load_settings(path: Path, overrides: Sequence[str] = ()) -> Settings:
    """Read the ``[settings]`` of a TOML file.

    Args:
        path: the file.
        overrides: ``settings.key=value``.

    Raises:
        ReadError: the file cannot be read.
        OptionError: it is no such TOML, or a key is unknown.
    """
    from training.finetune import Settings

    try:
        tables = read_tables(path, overrides)
    except OSError as error:
        raise ReadError(error.strerror or "cannot be read", where=str(path)) from None
    except ValueError as error:
        raise OptionError(str(error), where=str(path)) from None
    known = [field.name for field in fields(Settings)]
    values = tables.pop("settings", {})
    if strange := [*tables, *(name for name in values if name not in known)]:
        raise OptionError(
            f"unknown: {', '.join(strange)}", where=str(path), hint=f"[settings] may hold {', '.join(known)}."
        )
    return Settings(**values)


@dataclass(frozen=True)
class Start:
    """What a run starts from."""

    network: Network
    vocabulary: Path
    about: dict[str, Any]
    trained_on: frozenset[str] = frozenset()


def from_base(base: str, settings: Settings) -> Start:
    """Start from an encoder: a folder, or an id on the model hub."""
    import torch

    from govie.model.network import Sizes
    from training.bases import base_vocabulary, load_base

    torch.manual_seed(settings.seed)  # the heads start from random weights
    network = load_base(base, Sizes(kernel=settings.kernel), settings.dropout)
    return Start(network, base_vocabulary(base), {"base": Path(base).name})


def from_run(folder: Path) -> Start:
    """Start from the network of an earlier run."""
    from govie.model.loading import open_network

    run = Run.read(folder)
    earlier = {key: value for key, value in run.about.items() if key not in {"trained_on", "environment"}}
    about = {"base": run.about["base"], "continued_from": {"run": folder.name, **earlier}}
    return Start(open_network(folder), folder / "vocab.txt", about, frozenset(run.about["trained_on"]))


@dataclass(frozen=True)
class HeldOut:
    """The documents a run leaves out, and by which split."""

    how: str
    documents: frozenset[str]


@dataclass(frozen=True)
class Data:
    """What there is to learn from.

    Attributes:
        examples: all, those of the documents held out as well.
        files: the annotation files they are from, for the record.
        held_out: what is tested on.
        silver: sentences that a program annotated.
    """

    examples: Sequence[Example]
    files: Sequence[Path]
    held_out: HeldOut
    silver: Sequence[Example] = ()


def train_run(
    start: Start, settings: Settings, data: Data, out: Path, *, resamples: int | None = _RESAMPLES
) -> dict[str, Any]:
    """Train, and write the run's folder.

    Args:
        start: network and vocabulary.
        settings: of the training.
        data: annotation and split.
        out: the run's folder.
        resamples: bootstrap samples for the scores' intervals; None to measure nothing.

    Returns:
        The scores on what was held out; none where nothing was.

    Raises:
        OptionError: the split cannot be made, or the run that this one continues was trained on what is held out.
    """
    from training.finetune import fine_tune, tagger_of
    from training.saving import halve, save_model

    left_out = data.held_out
    if seen := start.trained_on & left_out.documents:
        raise OptionError(f"the run to continue was trained on {len(seen)} documents held out, such as {min(seen)}")
    train, test = divide(data.examples, left_out.documents)
    silver = divide([*data.silver, *test], left_out.documents)[0] if data.silver else []
    log.info("%d sentences to train on, %d held out, %d silver", len(train), len(test), len(silver))
    began = time.perf_counter()
    vocabulary = CharacterVocabulary.load(start.vocabulary)
    fine_tune(start.network, vocabulary, train, settings, silver)
    halve(start.network)
    about = {
        "settings": asdict(settings),
        **start.about,
        "data": {
            "files": {path.name: file_hash(path) for path in data.files},
            "sentences": len(train),
            "sha256": _data_hash([*train, *silver]),
            "silver_sentences": len(silver),
        },
        "held_out": {"how": left_out.how, "documents": sorted(left_out.documents), "sentences": len(test)},
        "trained_on": sorted(start.trained_on | {one.document for one in (*train, *silver)}),
        "git": git_revision(),
        "environment": environment(),
        "seconds": round(time.perf_counter() - began),
    }
    save_model(start.network, start.vocabulary, out)
    _write(out / "run.json", about)
    if resamples is None or not test:
        found: dict[str, Any] = {}
    else:
        found = scores(answer(tagger_of(start.network, vocabulary), test), resamples)
    _write(out / "scores.json", found)
    return found


def _data_hash(examples: Sequence[Example]) -> str:
    """Hash what was annotated, in the order of training; the rules' hints follow from the code's revision."""
    content = sha256()
    for one in examples:
        content.update(repr((one.key, one.document, one.given.plain, one.given.stance, one.gold)).encode())
    return content.hexdigest()


def _write(path: Path, content: object) -> None:
    write_atomically(path, json.dumps(content, ensure_ascii=False, indent=1) + "\n")


def add_data_options(parser: argparse.ArgumentParser) -> None:
    """Add ``--data`` and ``--texts``."""
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="annotation, JSONL with texts")
    parser.add_argument("--texts", type=Path, nargs="*", default=[], help="folders of its documents")


def _add_split_options(parser: argparse.ArgumentParser) -> None:
    """Add the ways to say what is held out, of which one may be given."""
    split = parser.add_mutually_exclusive_group()
    split.add_argument("--hold-out", nargs="+", metavar="DOCUMENT", help="file names of documents")
    split.add_argument("--fold", type=int, help="number of a fold of the seeds in annotations/splits.toml")
    split.add_argument("--regions", nargs="+", metavar="NAME", help="regions or provinces named there")
    split.add_argument("--province-group", metavar="K/N", help="the k-th of n groups of provinces, each whole")
    split.add_argument("--part", choices=["dev"], help="hold out what was never read while the rules were written")


def add_training_options(parser: argparse.ArgumentParser) -> None:
    """Add what :func:`read_data` reads: gold and silver annotation, and what is held out."""
    add_data_options(parser)
    parser.add_argument("--silver", type=Path, nargs="+", default=[], help="annotation that training.silver wrote")
    _add_split_options(parser)


def read_data(options: argparse.Namespace) -> Data:
    """Read what the options of :func:`add_training_options` name.

    Raises:
        GovieError: a file cannot be read, or there is no such split.
    """
    gold, silver = (load_examples(files, options.texts) for files in (options.data, options.silver))
    return Data(gold, [*options.data, *options.silver], _held_out(options), silver)


def _held_out(options: argparse.Namespace) -> HeldOut:
    """Return what the options of :func:`_add_split_options` say.

    Raises:
        OptionError: there is no such fold, region or group.
    """
    splits = Splits()
    if options.hold_out:
        return HeldOut("documents", frozenset(options.hold_out))
    if options.fold is not None:
        return HeldOut(f"fold {options.fold}", splits.fold(options.fold))
    if options.regions:
        return HeldOut(f"regions {', '.join(options.regions)}", splits.regions(options.regions))
    if options.province_group:
        number, _, of = options.province_group.partition("/")
        if not (number.isdigit() and of.isdigit()):
            raise OptionError(f"--province-group {options.province_group} is not like 1/5")
        return HeldOut(f"province group {number}/{of}", splits.province_group(int(number), int(of)))
    return HeldOut("set aside from the rules", splits.set_aside()) if options.part else HeldOut("nothing", frozenset())


def main(argv: Sequence[str] | None = None) -> None:
    """Command line of :mod:`training.finetune`."""
    parser = argparse.ArgumentParser(prog="python -m training.finetune", description="Fine-tune a tagger.")
    parser.add_argument("config", type=Path, help="TOML, such as training/configs/finetune.toml")
    start = parser.add_mutually_exclusive_group(required=True)
    start.add_argument("--base", help="folder of an encoder, or its id on the model hub")
    start.add_argument("--init", type=Path, help="folder of an earlier run, to go on from its network")
    add_training_options(parser)
    parser.add_argument("--set", action="append", default=[], dest="overrides", metavar="settings.KEY=VALUE")
    parser.add_argument("--threads", type=int, help="processor threads; the result depends on their number")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    options = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    try:
        _run(options)
    except GovieError as error:
        raise SystemExit(str(error)) from None


def _run(options: argparse.Namespace) -> None:
    import torch

    if options.threads:
        torch.set_num_threads(options.threads)
    settings = load_settings(options.config, options.overrides)
    start = from_run(options.init) if options.init else from_base(options.base, settings)
    found = train_run(start, settings, read_data(options), options.out)
    for way, groups in found.get("ways", {}).items():
        log.info("%s: spans %.4f", way, groups["spans"]["micro"]["f1"])
