"""The words in which facts are shown to people, in the terminal and in the report."""

from __future__ import annotations

import re
from decimal import Decimal

from govie.document import DocumentKind, Metadata
from govie.records import Bound, Direction, Extraction, Fact, Kind, SpanLabel, Status, decimal_string

__all__ = [
    "BASIS_WORDS",
    "BOUND_WORDS",
    "DOCUMENT_KIND_WORDS",
    "KIND_WORDS",
    "LABEL_WORDS",
    "STATUS_WORDS",
    "metadata_words",
    "period_words",
    "printable",
    "value_words",
]

STATUS_WORDS: dict[Status, str] = {"actual": "完成", "estimate": "预计", "target": "目标"}
KIND_WORDS: dict[Kind, str] = {"value": "数值", "change": "变化", "gap": "差距"}
BASIS_WORDS = {"annual": "年度", "average": "年均", "span": "多年", "since": "较基年", "part": "年内"}
"""What the panel calls the stretch of time a figure speaks of."""
BOUND_WORDS: dict[Bound, str] = {"exact": "", "range": "", "at_least": "以上", "at_most": "以内", "about": "左右"}
LABEL_WORDS: dict[SpanLabel, str] = {
    "INDICATOR": "指标",
    "QUANTITY": "数量",
    "UNIT": "单位",
    "ACTION": "动作",
    "PERIOD": "时间",
    "AGENCY": "机构",
}
DOCUMENT_KIND_WORDS: dict[DocumentKind, str] = {
    "work_report": "政府工作报告",
    "task_table": "任务分解表",
    "livelihood_list": "民生实事",
    "communique": "统计公报",
    "plan": "规划",
    "other": "其他文件",
}

_DIRECTION_WORDS: dict[Kind, dict[Direction | None, str]] = {
    "value": {None: ""},
    "change": {"increase": "增长 ", "decrease": "下降 ", None: "变化 "},
    "gap": {"increase": "高出 ", "decrease": "低 ", None: "相差 "},
}
_MAGNITUDE_WORDS = {
    Decimal(10**power): word
    for power, word in {2: "百", 3: "千", 4: "万", 5: "十万", 6: "百万", 7: "千万", 8: "亿", 12: "万亿"}.items()
}
_DECIMALS = 6  # with more than these, a fraction without end (六分之一) is shown as written
# C0 and C1 controls drive a terminal, bidi controls reorder a line, lone surrogates cannot be encoded.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def value_words(extraction: Extraction, fact: Fact) -> str:
    """Say a fact's number with unit, direction and bound: ``增长 6%左右``, ``第58位``, ``4.5–5%``."""
    before = extraction.text[max(0, extraction.spans[fact.quantity].start - 1) : extraction.spans[fact.quantity].start]
    rank = before if before in {"第", "前"} else ""
    number = _number(extraction, fact)
    unit = _unit(extraction, fact)
    bound = "" if rank == "前" else BOUND_WORDS[fact.bound]
    return f"{_DIRECTION_WORDS[fact.kind].get(fact.direction, '')}{rank}{number}{unit}{bound}"


def period_words(period: str | None) -> str:
    """Write a resolved period for reading: ``2016–2020``, ``2021-09``, nothing for None."""
    return (period or "").replace("/", "–")


def metadata_words(metadata: Metadata) -> list[str]:
    """Return what is known of a document, one short string for each item that is set."""
    items = (
        metadata.region.name if metadata.region else None,
        f"{metadata.year}年" if metadata.year else None,
        DOCUMENT_KIND_WORDS[metadata.kind] if metadata.kind != "other" else None,
        metadata.issuer,
        metadata.document_number,
        metadata.written or metadata.published,
    )
    return list(dict.fromkeys(item for item in items if item))


def printable(text: str) -> str:
    """Return the text with control characters and lone surrogates replaced by U+FFFD."""
    return _UNPRINTABLE.sub("\ufffd", text)


def _number(extraction: Extraction, fact: Fact) -> str:
    number = decimal_string(fact.value)
    if len(number.partition(".")[2]) > _DECIMALS:
        return extraction.spans[fact.quantity].text
    return number if fact.value_max is None else f"{number}–{decimal_string(fact.value_max)}"


def _unit(extraction: Extraction, fact: Fact) -> str:
    """The unit as written, with the multiplier where the numeral and not the unit holds it (800余万|平方米)."""
    written = fact.base_unit or "" if fact.unit is None else extraction.spans[fact.unit].text
    return _magnitude(fact.magnitude) + written if written == (fact.base_unit or "") else written


def _magnitude(number: Decimal) -> str:
    if number == 1:
        return ""
    return _MAGNITUDE_WORDS.get(number) or f"×{decimal_string(number)}"
