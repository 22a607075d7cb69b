"""Sparing the encoder loses no fact and no role of the seeds."""

from pathlib import Path

from worth_reading import counted

from training.examples import load_examples

ROOT = Path(__file__).parents[2]


def test_the_seeds_lose_nothing():
    gold = sorted((ROOT / "annotations" / "gold").glob("*.jsonl"))
    whole, skipped = counted(load_examples(gold, [ROOT / "seeds"]))
    assert skipped["sentences"] > whole["sentences"] / 4
    assert whole["facts"] > 700
    assert (skipped["facts"], skipped["roles"]) == (0, 0)
