"""Full names of indicators whose own words do not say what is measured."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from govie.lexicon import load_toml

__all__ = ["bare_name", "fused_names", "is_bare", "shared_level_name"]

_LISTED = re.compile(r"、")
_LEVEL = re.compile(r"(?:国家|省|市|区|县|自治区|部|州)级$")


@dataclass(frozen=True, slots=True)
class _Names:
    bare: frozenset[str]
    fused: dict[str, list[str]]


@lru_cache(maxsize=1)
def _names() -> _Names:
    data = load_toml("links.toml")
    return _Names(frozenset(data["bare"]["words"]), data["fused"])


def is_bare(words: str) -> bool:
    """Tell whether an indicator only makes sense with the one before it: 增幅, 占比."""
    return words in _names().bare


def bare_name(words: str, subject: str | None) -> str | None:
    """Put the indicator that 增幅, 占比 or 总量 refers to in front of it; None where the words say enough."""
    if subject is None or subject == words or not is_bare(words):
        return None
    return subject if subject.endswith(words) else subject + words


def fused_names(words: str, count: int) -> list[str] | None:
    """Return the names fused into one (城乡居民收入 → 城镇居民收入, 农村居民收入), None if it is not a known fusion."""
    for fusion, parts in _names().fused.items():
        if fusion in words and len(parts) == count and not _LISTED.search(words.replace(fusion, "", 1)):
            return [words.replace(fusion, part, 1) for part in parts]
    return None


def shared_level_name(words: str, following: str) -> str | None:
    """Complete a level by the noun of the next one: 国家级 before 省级园区 → 国家级园区."""
    level = _LEVEL.search(words)
    if level is None or level.start() > 0:
        return None
    noun = re.sub(r"^(?:国家|省|市|区|县|自治区|部|州)级", "", following)
    return words + noun if noun != following else None
