"""Numbers, percentages and numbers with units found by recognizers-text-suite in Chinese."""

from __future__ import annotations

from common import Found, longest, run
from recognizers_number import Culture, NumberRecognizer
from recognizers_number_with_unit import NumberWithUnitRecognizer

CHINESE = Culture.Chinese
_numbers, _units = NumberRecognizer(CHINESE), NumberWithUnitRecognizer(CHINESE)
MODELS = [
    _numbers.get_number_model(),
    _numbers.get_percentage_model(),
    _units.get_currency_model(CHINESE),
    _units.get_dimension_model(CHINESE),
    _units.get_age_model(CHINESE),
    _units.get_temperature_model(CHINESE),
]


def find(sentence: str) -> list[Found]:
    """Return the longest finds of all models; its ends are inclusive, ours are not."""
    found = [(each.start, each.end + 1, _value(each.resolution)) for model in MODELS for each in model.parse(sentence)]
    return longest(found)


def _value(resolution: dict[str, str] | None) -> str | None:
    value = (resolution or {}).get("value")
    return value.removesuffix("%") if value else None


run("recognizers-text-suite", find)
