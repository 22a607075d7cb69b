"""Who leads and who supports, construction by construction."""

import re

import pytest
from cases import read_cases

from govie.lexicon import load_toml
from govie.rules.agencies import find_agencies
from govie.rules.duties import find_duties, first_unit_leads
from govie.rules.roles import tag_roles

CASES = read_cases("rules/roles.tsv")
ROLES = {"【": "lead", "〖": "support", "⟦": None}


def marked(sentence):
    """Take the marks out of a sentence and return it with (agency, role) in order."""
    found = re.findall("([【〖⟦])(.*?)[】〗⟧]", sentence)
    return re.sub("[【】〖〗⟦⟧]", "", sentence), [(words, ROLES[mark]) for mark, words in found]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['cohort']}: {case['sentence'][:20]}")
def test_roles_of_a_construction(case):
    text, expected = marked(case["sentence"])
    agencies = find_agencies(text)
    roles = {role.agency: role.label for role in tag_roles(text, agencies)}
    assert [(text[start:end], roles.get(at)) for at, (start, end) in enumerate(agencies)] == expected


def test_roles_are_those_of_the_agencies_given():
    text = "(责任单位:区教育局、区卫健局)"
    second = text.index("区卫健局")
    assert [(role.agency, role.label) for role in tag_roles(text, [(second, second + 4)])] == [(0, "lead")]


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("注:列第一位的责任单位为牵头单位。", True),
        ("责任单位(排首位的为牵头单位)", True),
        ("各牵头部门分管区领导负责组织推进相关工作。", False),
        ("责任单位要落实责任。", False),
    ],
)
def test_whether_the_document_says_that_the_first_unit_leads(note, said):
    assert first_unit_leads(note) is said


def test_where_the_document_says_so_only_the_first_unit_leads():
    text = "(责任单位:区教育局、区卫健局、区财政局)"
    (duty,) = find_duties(text, first_leads=True)
    assert [unit.role for unit in duty.units] == ["lead", "support", "support"]
    (plain,) = find_duties(text)
    assert [unit.role for unit in plain.units] == ["lead", "lead", "lead"]


def test_a_label_has_one_meaning():
    labels = load_toml("roles.toml")["labels"]
    words = [word for kind in labels.values() for word in kind]
    assert len(set(words)) == len(words)
