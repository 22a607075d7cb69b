"""Roles: which of a text's agencies lead and which support."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from govie.lexicon import alternatives, load_toml
from govie.rules.duties import find_duties
from govie.tags import Role, RoleLabel

__all__ = ["tag_roles"]

_GATE = re.compile(r"牵头|责任|负责|主办|协办|配合|单位|部门")
_BETWEEN_UNITS = re.compile(r"(?:[、,]|和|及|与|以及|会同)?$")


@lru_cache(maxsize=1)
def _spoken() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what makes the agencies before it leaders, and what makes those after a leader supporters."""
    verbs = load_toml("roles.toml")["verbs"]
    # 牵头 as part of a noun (牵头部门, 牵头人) or of another's doing (企业牵头) names no leader here.
    lead = re.compile(r"(?:正在|正|负责|总|共同|联合|分别)?牵头(?!单位|部门|人|抓总作用|责任)")
    support = re.compile(rf"(?:等)?(?:{alternatives(verbs['manners'])})*(?:{alternatives(verbs['support'])}|负责)")
    return lead, support


def tag_roles(plain: str, agencies: Sequence[tuple[int, int]], *, first_leads: bool = False) -> list[Role]:
    """Return the roles of the agencies, in their order.

    Roles come from responsibility clauses (:func:`govie.rules.duties.find_duties`) and, in
    running text, from ``(由)A、B牵头``, with ``,C、D配合`` directly after it. 配合 without a leader
    gives no role.

    Args:
        plain: a sentence or a document, half-width.
        agencies: start and end of each agency, in order.
        first_leads: see :func:`govie.rules.duties.find_duties`.

    Returns:
        Roles whose ``agency`` is the position in ``agencies``.
    """
    if not agencies or not _GATE.search(plain):
        return []
    labels = {
        (unit.start, unit.end): unit.role for duty in find_duties(plain, first_leads=first_leads) for unit in duty.units
    }
    named: dict[tuple[int, int], RoleLabel] = {**_spoken_roles(plain, agencies), **labels}
    return [Role(at, named[agency]) for at, agency in enumerate(agencies) if agency in named]


def _spoken_roles(plain: str, agencies: Sequence[tuple[int, int]]) -> dict[tuple[int, int], RoleLabel]:
    lead, support = _spoken()
    roles: dict[tuple[int, int], RoleLabel] = {}
    led = -1
    for at, (_, end) in enumerate(agencies):
        verb = lead.match(plain, end)
        if verb:
            roles.update(dict.fromkeys(_run_before(plain, agencies, at), "lead"))
            led = verb.end()
        elif led >= 0 and support.match(plain, end):
            run = _run_before(plain, agencies, at)
            if not re.search(r"[。;\n]", plain[led : run[0][0]]) and run[0][0] - led <= 1:
                roles.update(dict.fromkeys(run, "support"))
    return roles


def _run_before(plain: str, agencies: Sequence[tuple[int, int]], last: int) -> Sequence[tuple[int, int]]:
    """Return the list of agencies that ends with the one at ``last``."""
    first = last
    while first and _BETWEEN_UNITS.fullmatch(plain, agencies[first - 1][1], agencies[first][0]):
        first -= 1
    return agencies[first : last + 1]
