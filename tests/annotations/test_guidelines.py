"""The guidelines: every example in a marked box is well formed and has no fault."""

import re
from pathlib import Path

import pytest
from annotation_records import marked

from annotations.rules import faults
from govie.records import RELATION_LABELS, SPAN_LABELS

GUIDELINES = (Path(__file__).parents[2] / "annotations/GUIDELINES.md").read_text("utf-8")
BOXES = re.findall(r"^```marked\n(.*?)^```", GUIDELINES, re.S | re.M)
EXAMPLES = [part.split("\n") for box in BOXES for part in box.strip().split("\n\n")]


@pytest.mark.parametrize("lines", EXAMPLES, ids=lambda lines: lines[0][:20])
def test_an_example_keeps_the_rules_it_explains(lines):
    sentence, *statements = lines[1:] if lines[0].startswith("@") else lines
    assert [fault.reason for fault in faults(marked(sentence, *statements))] == []


def test_every_label_and_relation_has_an_example():
    used = [marked(*(lines[1:] if lines[0].startswith("@") else lines)) for lines in EXAMPLES]
    assert {entity.label for record in used for entity in record.entities} == set(SPAN_LABELS)
    assert {link.label for record in used for link in record.links} == set(RELATION_LABELS)


def test_links_in_the_contents_lead_somewhere():
    headings = {re.sub(r"[^\w -]", "", h).lower().replace(" ", "-") for h in re.findall(r"^## (.+)$", GUIDELINES, re.M)}
    assert set(re.findall(r"\]\(#([\w-]+)\)", GUIDELINES)) <= headings
