"""The command ``python -m annotations``.

Exit codes: 0 all well, 1 faults were found or a file could not be used, 2 wrong usage.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from annotations.formats import FORMATS, form
from annotations.load import load_records
from annotations.records import write_records
from annotations.texts import CORPUS_VARIABLE, SEEDS, Texts, corpus_folder
from govie.errors import GovieError

__all__ = ["cli", "main"]

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_ANY = click.Path(exists=True, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_OUT = click.Path(path_type=Path)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; errors of ours are printed, not raised."""
    try:
        code = cli.main(
            args=None if arguments is None else list(arguments), prog_name="annotations", standalone_mode=False
        )
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        return 130
    except GovieError as error:
        click.echo(f"error: {error}", err=True)
        return 1
    except BrokenPipeError:
        # Whoever read the output has enough; the interpreter must not complain on exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 1
    return code if isinstance(code, int) else 0


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def cli() -> None:
    """Check, count, compare and convert hand annotation."""


def _corpus_option(command: Callable[..., Any]) -> Callable[..., Any]:
    text = f"Folder of the external documents; by default what {CORPUS_VARIABLE} names."
    return click.option("--corpus", type=_FOLDER, help=text)(command)


def _texts(corpus: Path | None) -> Texts:
    folder = corpus_folder(corpus)
    return Texts([SEEDS, *([folder] if folder else [])])


@cli.command()
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=_FILE)
@click.option("--by-kind", is_flag=True, help="Count the faults by kind instead of listing them.")
@_corpus_option
def check(files: Sequence[Path], by_kind: bool, corpus: Path | None) -> int:
    """List every fault: file, line and reason.

    Words are compared with the seeds and, where it is at hand, with the corpus.
    """
    from annotations.check import check_file

    checked = [check_file(path, _texts(corpus)) for path in files]
    findings = [finding for each in checked for finding in each.findings]
    if by_kind:
        for kind, times in Counter(finding.fault.kind for finding in findings).most_common():
            click.echo(f"{times:7}  {kind}")
    else:
        for finding in findings:
            click.echo(str(finding))
    sentences, compared = sum(each.sentences for each in checked), sum(each.compared for each in checked)
    faulty = len({(finding.file, finding.line) for finding in findings})
    click.echo(f"{sentences} sentences, {compared} compared with their document, {faulty} with faults", err=True)
    return 1 if findings else 0


@cli.command()
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=_FILE)
def stats(files: Sequence[Path]) -> None:
    """Count spans, relations and attributes; a Markdown table."""
    from annotations.stats import count, stats_table

    click.echo(stats_table({path.stem: count(load_records(path)) for path in files}))


@cli.command()
@click.argument("first", type=_FILE)
@click.argument("second", type=_FILE)
def agree(first: Path, second: Path) -> None:
    """Compare two annotations of the same sentences: strict F1, Cohen's kappa, Krippendorff's alpha."""
    from annotations.agreement import agreement, agreement_table

    click.echo(agreement_table(agreement(load_records(first), load_records(second))))


@cli.command()
@click.argument("gold", metavar="GOLD…", nargs=-1, required=True, type=_FILE)
@_corpus_option
def disagreements(gold: Sequence[Path], corpus: Path | None) -> None:
    """List where the rules differ from the annotation, to be decided again by reading; nothing is changed.

    Lines with - are in the annotation only, lines with + are what the rules say.
    """
    from annotations.disagreements import disagreements as compare
    from annotations.disagreements import listing

    for path in gold:
        records = load_records(path, _texts(corpus))
        in_seeds = all((SEEDS / record.document).is_file() for record in records)
        folder = SEEDS if in_seeds else corpus_folder(corpus)
        if folder is None:
            raise click.UsageError(f"{path}: its documents are not in seeds/; name their folder with --corpus.")
        found = list(compare(records, folder))
        if found:
            click.echo(listing(found))
        click.echo(f"{path}: {len(found)} of {len(records)} sentences differ", err=True)


@cli.command("export")
@click.option("--to", "name", required=True, type=click.Choice(list(FORMATS)), help="The program to write for.")
@click.argument("file", type=_FILE)
@click.argument("out", type=_OUT)
@_corpus_option
def export(name: str, file: Path, out: Path, corpus: Path | None) -> None:
    """Write annotation in the form of another program.

    \b
    doccano      JSONL for relation extraction
    labelstudio  tasks in JSON, and the labelling interface beside them in XML
    brat         a folder of .txt and .ann
    spacy        a DocBin; needs govie[spacy]
    datasets     Parquet for Hugging Face datasets; needs govie[frame]
    """
    texts = _texts(corpus)
    records = [
        record for record in load_records(file, texts) if "sha1" not in record.source or texts.get(record.document)
    ]
    form(name).write(records, out)
    click.echo(f"{len(records)} sentences written to {out}", err=True)


@cli.command("import")
@click.option("--from", "name", required=True, type=click.Choice([*FORMATS, "marked"]), help="The program it is from.")
@click.option("--source", type=_FILE, help="The document that a marked file annotates.")
@click.option("--annotator", help="For a marked file: who decided; by default what stands before .txt.")
@click.option("--round", "round_", type=int, default=1, show_default=True, help="For a marked file: pass number.")
@click.argument("file", type=_ANY)
@click.argument("out", type=_OUT)
def import_(name: str, file: Path, out: Path, **marked: Any) -> None:
    """Read annotation back from another program, or from typed marks, and write it as JSONL."""
    if name == "marked":
        from annotations.typed import read_marked

        if marked["source"] is None:
            raise click.UsageError("--from marked needs --source, the document that is annotated.")
        records = read_marked(file, marked["source"], marked["annotator"], marked["round_"])
    else:
        records = form(name).read(file)
    write_records(records, out)
    click.echo(f"{len(records)} sentences written to {out}", err=True)


@cli.command("pre-annotate")
@click.option("--to", "name", required=True, type=click.Choice([*FORMATS, "jsonl"]), help="The program to correct in.")
@click.argument("document", type=_FILE)
@click.argument("out", type=_OUT)
def pre_annotate(name: str, document: Path, out: Path) -> None:
    """Extract from a new document with the rules, for somebody to correct instead of starting from nothing.

    Where reading changed the text (HTML, Word, PDF), the text that the offsets count in is
    written beside OUT.
    """
    from annotations.preannotate import pre_annotate as run

    count = run(document, out, name)
    click.echo(f"{count} sentences written to {out}", err=True)


@cli.command()
@click.argument("external", metavar="EXTERNAL.jsonl", type=_FILE)
@click.argument("out_dir", type=_OUT)
@_corpus_option
def standoff(external: Path, out_dir: Path, corpus: Path | None) -> None:
    """Write annotation without its texts, one file a province."""
    from annotations.external import write_standoff

    folder = corpus_folder(corpus)
    if folder is None:
        raise click.UsageError(f"name the folder of the documents with --corpus or {CORPUS_VARIABLE}.")
    for path in write_standoff(load_records(external), out_dir, folder):
        click.echo(str(path))


@cli.command("join")
@click.argument("out", type=_OUT)
@_corpus_option
def join(out: Path, corpus: Path | None) -> None:
    """Write the external annotation with its texts, from the documents at hand."""
    from annotations.external import load

    found = load(corpus)
    write_records(found.records, out)
    skipped = sum(found.missing.values())
    click.echo(
        f"{len(found.records)} sentences written to {out}, {skipped} skipped for want of their documents", err=True
    )


@cli.command()
@click.argument("out", type=_OUT, default=Path(__file__).parent / "splits.toml")
def splits(out: Path) -> None:
    """Write which documents are trained on and tested on."""
    from annotations.splits import splits_toml

    out.write_text(splits_toml(), "utf-8", newline="\n")


@cli.command()
def figures() -> None:
    """Bring the figures in annotations/README.md up to date."""
    from annotations.figures import update_readme

    update_readme()
