"""Names and facts mapped to canonical indicators, and the lexicon they are mapped by."""

import re
from decimal import Decimal

import pytest

import govie
from govie.document import Region
from govie.facts.canonical import Context, canonical_indicator
from govie.facts.indicator_names import NO_UNIT, entries, indicators, spelling
from tests.cases import read_cases

CASES = read_cases("indicators.tsv")
INDICATORS = indicators()


def region(written):
    if not written:
        return None
    return Region(*(part or None for part in written.split("/"))) if written != "/" else Region()


@pytest.mark.parametrize("case", CASES, ids=[f"{case['cohort']}-{case['name']}" for case in CASES])
def test_a_fact_gets_the_indicator_it_gives(case):
    context = Context(case["action"], case["before"], case["after"], region(case["region"]))
    found = canonical_indicator(
        case["name"],
        kind=case["kind"],
        base_unit=case["unit"] or None,
        amount=Decimal(case["amount"]),
        context=context,
    )
    assert found == (case["id"] or None)


def test_ids_are_unique_and_snake_case():
    ids = [indicator.id for indicator in INDICATORS]
    assert len(ids) >= 150
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*", name) for name in ids)


def test_no_name_or_alias_is_used_twice():
    written = [spelling(name.lstrip("+~")) for indicator in INDICATORS for name in (indicator.name, *indicator.aliases)]
    assert len(set(written)) == len(written) == len(entries())


def test_names_and_definitions_are_filled_in():
    for indicator in INDICATORS:
        assert all(field.strip() == field and field for field in indicator if isinstance(field, str)), indicator.id
        assert all(alias.strip("+~ ") for alias in indicator.aliases), indicator.id
        assert not indicator.name.startswith(("+", "~"))
        assert not re.search(r"[\u4e00-\u9fff]", indicator.english)


@pytest.mark.parametrize("indicator", INDICATORS, ids=[indicator.id for indicator in INDICATORS])
def test_the_name_itself_gives_the_indicator(indicator):
    known = entries()[spelling(indicator.name)]
    assert known.indicator is indicator
    assert (known.unit_kind is None) == (indicator.unit == NO_UNIT)


TEXT = "2024年,全省地区生产总值达到3万亿元、增长5%,城镇新增就业50万人。新增高新技术企业100家。某园区生产总值增长9%。"


def test_extraction_fills_in_the_indicator():
    facts = [(fact.indicator_id, fact.kind) for fact in govie.load(mode="rules")(TEXT)]
    assert ("gdp", "value") in facts
    assert ("gdp", "change") in facts
    assert ("urban_new_jobs", "value") in facts
    assert len([found for found, _ in facts if found]) == 3
