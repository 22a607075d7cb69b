"""What went wrong, sorted by kind, for whoever improves the rules."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from govie.scoring import FactKey, RelationKey, RoleKey, ScoredSentence, SpanKey

__all__ = ["Mistake", "find_mistakes", "frequencies", "listing"]

_CONTEXT = 30
_ATTRIBUTES = ("kind", "direction", "bound", "status")


@dataclass(frozen=True, slots=True)
class Mistake:
    """One difference between annotation and prediction.

    Attributes:
        kind: what differs, such as ``span INDICATOR: boundary left, too long``.
        gold: the annotated words, empty if nothing is annotated there.
        found: the predicted words, empty if nothing was found there.
        text: the sentence around, the annotated (else the predicted) span in 【】.
        key: the sentence's id.
    """

    kind: str
    gold: str
    found: str
    text: str
    key: str


def find_mistakes(gold: ScoredSentence, predicted: ScoredSentence, text: str) -> Iterator[Mistake]:
    """Yield every difference in one sentence; ``text`` is the sentence."""
    page = _Page(text, gold.key)
    yield from _span_mistakes(page, gold.spans - predicted.spans, predicted.spans - gold.spans)
    yield from _relation_mistakes(page, gold, predicted)
    yield from _fact_mistakes(page, gold.facts, predicted.facts)
    yield from _role_mistakes(page, gold.roles, predicted.roles)


def frequencies(mistakes: Iterable[Mistake]) -> str:
    """Return a table of kinds, the most frequent first."""
    counts = Counter(mistake.kind for mistake in mistakes)
    return "\n".join(f"{count:6}  {kind}" for kind, count in sorted(counts.items(), key=lambda row: (-row[1], row[0])))


def listing(mistakes: Iterable[Mistake]) -> str:
    """Return all mistakes, grouped by kind, the most frequent kind first."""
    groups: dict[str, list[Mistake]] = defaultdict(list)
    for mistake in mistakes:
        groups[mistake.kind].append(mistake)
    lines = []
    for kind, group in sorted(groups.items(), key=lambda row: (-len(row[1]), row[0])):
        lines += ["", f"## {kind} ({len(group)})"]
        lines += [f"gold {each.gold or '—'} | found {each.found or '—'} | {each.text} | {each.key}" for each in group]
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class _Page:
    """A sentence that quotes its own stretches."""

    text: str
    key: str

    def words(self, span: SpanKey) -> str:
        return self.text[max(span.start, 0) : max(span.end, 0)] if span.end > 0 else f"[{span.start}, {span.end})"

    def pair(self, relation: RelationKey) -> str:
        return f"{self.words(relation.head)}→{self.words(relation.tail)}"

    def around(self, span: SpanKey) -> str:
        start, end = max(span.start, 0), max(span.end, 0)
        left, right = max(start - _CONTEXT, 0), end + _CONTEXT
        before, after = self.text[left:start], self.text[end:right]
        dots = "…" if left else "", "…" if right < len(self.text) else ""
        return f"{dots[0]}{before}【{self.text[start:end]}】{after}{dots[1]}".replace("\n", " ")

    def mistake(self, kind: str, gold: str, found: str, at: SpanKey) -> Mistake:
        return Mistake(kind, gold.replace("\n", " "), found.replace("\n", " "), self.around(at), self.key)


def _overlap(one: SpanKey, other: SpanKey) -> int:
    return min(one.end, other.end) - max(one.start, other.start)


def _span_mistakes(page: _Page, missed: Iterable[SpanKey], spurious: Iterable[SpanKey]) -> Iterator[Mistake]:
    """Pair each missed span with the spurious one that overlaps it most, of its own label if there is one."""
    left = set(spurious)
    for span in sorted(missed):
        near = [other for other in left if _overlap(span, other) > 0]
        if not near:
            yield page.mistake(f"span {span.label}: missed", page.words(span), "", span)
            continue
        best = max(near, key=lambda other: (other.label == span.label, _overlap(span, other), other))
        left.discard(best)
        yield page.mistake(_span_kind(span, best), page.words(span), page.words(best), span)
    for span in sorted(left):
        yield page.mistake(f"span {span.label}: spurious", "", page.words(span), span)


def _span_kind(gold: SpanKey, found: SpanKey) -> str:
    if gold.label != found.label:
        place = "" if gold[:2] == found[:2] else " and boundary"
        return f"span {gold.label}: wrong label {found.label}{place}"
    sides = []
    if gold.start != found.start:
        sides.append("left, too long" if found.start < gold.start else "left, too short")
    if gold.end != found.end:
        sides.append("right, too long" if found.end > gold.end else "right, too short")
    return f"span {gold.label}: boundary {'; '.join(sides)}"


def _relation_mistakes(page: _Page, gold: ScoredSentence, predicted: ScoredSentence) -> Iterator[Mistake]:
    missed, spurious = gold.relations - predicted.relations, predicted.relations - gold.relations
    explained: set[RelationKey] = set()
    for relation in sorted(missed):
        kind, partner = _missed_kind(relation, predicted.spans, spurious)
        if partner:
            explained.add(partner)
        found = page.pair(partner) if partner else ""
        yield page.mistake(f"relation {relation.label}: {kind}", page.pair(relation), found, relation.tail)
    for relation in sorted(spurious - explained):
        kind = "spurious" if {relation.head, relation.tail} <= gold.spans else "spurious, a span is wrong"
        yield page.mistake(f"relation {relation.label}: {kind}", "", page.pair(relation), relation.tail)


def _missed_kind(
    relation: RelationKey, found: frozenset[SpanKey], spurious: frozenset[RelationKey]
) -> tuple[str, RelationKey | None]:
    """Say why a relation is missing, and which spurious relation stands in its place."""
    lost = [name for name, span in (("head", relation.head), ("tail", relation.tail)) if span not in found]
    if lost:
        return f"{' and '.join(lost)} not found", None
    for other in sorted(spurious):
        if (other.head, other.tail) == (relation.head, relation.tail):
            return f"wrong type {other.label}", other
    for other in sorted(spurious):
        if other.label == relation.label and (other.head == relation.head or other.tail == relation.tail):
            return "wrong partner", other
    return "not linked", None


def _fact_mistakes(page: _Page, gold: frozenset[FactKey], predicted: frozenset[FactKey]) -> Iterator[Mistake]:
    """Yield wrong attributes of pairs that are right; wrong pairs are among the relations."""
    said = {fact[:2]: fact for fact in sorted(predicted, key=repr)}
    for fact in sorted(gold, key=repr):
        other = said.get(fact[:2])
        for name in _ATTRIBUTES if other else ():
            right, wrong = getattr(fact, name), getattr(other, name)
            if right != wrong:
                yield page.mistake(f"fact {name}: {right} read as {wrong}", str(right), str(wrong), fact.quantity)


def _role_mistakes(page: _Page, gold: frozenset[RoleKey], predicted: frozenset[RoleKey]) -> Iterator[Mistake]:
    for role in sorted(gold - predicted):
        yield page.mistake(f"role {role.role}: missed", page.words(role.agency), "", role.agency)
    for role in sorted(predicted - gold):
        yield page.mistake(f"role {role.role}: spurious", "", page.words(role.agency), role.agency)
