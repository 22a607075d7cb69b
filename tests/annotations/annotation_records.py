"""Records for tests: from typed marks, and drawn by Hypothesis."""

from hypothesis import strategies as st

from annotations.marked import Block, to_record, to_text
from annotations.records import Entity, Fact, Link, Record, Role, parse_record

# What breaks offsets: characters beyond the BMP, joined and marked emoji, line ends of all kinds.
HARD = ("𠮷", "𪚥", "🏥", "👩\u200d👧", "🀄", "\r\n", "\n", "\r", "\u2028", "\x85", "\t", "\u3000", "<b>", "&amp;")
WORDS = st.lists(st.sampled_from([*"项目亿元3 .{|", *HARD]), max_size=6).map("".join)
SPANS = WORDS.map(lambda words: words.strip() or "项目")
GROUPS = (("INDICATOR", "QUANTITY", "UNIT"), ("QUANTITY", "INDICATOR", "PERIOD"), ("AGENCY",))
CHOICES = {
    "bound": st.sampled_from(["exact", "at_least", "at_most", "about", "range"]),
    "status": st.sampled_from(["actual", "estimate", "target"]),
}
RESOLVED = st.sampled_from([None, "2020", "2016/2020", "2021-09"])


def marked(text, *statements, key="a/1", seed="000_dd970950b1e91c31.txt"):
    """Return the record of one typed sentence that is its own document."""
    words, _ = to_text(text)
    block = Block(1, key, 0, len(words), text, statements)
    return parse_record(to_record(block, words, seed=seed, annotator="a", round_=1))


@st.composite
def records(draw):
    """Draw a record that the check finds no fault in, its document aside."""
    text, spans = draw(WORDS), []
    for _ in range(draw(st.integers(0, 3))):
        labels = draw(
            st.sampled_from([["INDICATOR", "QUANTITY", "UNIT"], ["QUANTITY", "INDICATOR", "PERIOD"], ["AGENCY"]])
        )
        for label in labels:
            words = draw(SPANS)
            spans.append(Entity(len(text), len(text) + len(words), label))
            text += words + draw(WORDS)
    text = text or "。"
    source = {"file": "报告.txt", "start": draw(st.integers(0, 9)), "repo": "a/b"}
    return Record(
        id=draw(st.sampled_from(["a/1", "𠮷#0012", "x y"])),
        text=text,
        entities=tuple(spans),
        **_linked(draw, spans),
        source={**source, "end": source["start"] + len(text)},
        extra={"annotator": "a", "round": draw(st.integers(0, 3)), "note": draw(WORDS)},
    )


def _linked(draw, spans):
    at = {label: [n for n, span in enumerate(spans) if span.label == label] for label in ("INDICATOR", "QUANTITY")}
    links, facts = set(), {}
    for quantity in at["QUANTITY"]:
        own = min(at["INDICATOR"], key=lambda indicator: abs(indicator - quantity))
        for indicator in {own, *draw(st.lists(st.sampled_from(at["INDICATOR"]), max_size=2))}:
            label = draw(st.sampled_from(["VALUE", "CHANGE", "GAP"]))
            links.add(Link(indicator, quantity, label))
            facts[indicator, quantity] = Fact(indicator, quantity, _attributes(draw, label))
        for near in (quantity + 1, quantity + 2):
            if near < len(spans) and spans[near].label in {"UNIT", "PERIOD"}:
                links.add(Link(quantity, near, spans[near].label))
    roles = [
        Role(n, draw(st.sampled_from(["lead", "support"]))) for n, span in enumerate(spans) if span.label == "AGENCY"
    ]
    return {
        "links": tuple(sorted(links)),
        "facts": tuple(facts[pair] for pair in sorted(facts)),
        "roles": tuple(role for role in roles if draw(st.booleans())),
    }


def _attributes(draw, label):
    direction = None if label == "VALUE" else draw(st.sampled_from(["increase", "decrease"]))
    attributes = {"kind": label.lower(), "direction": direction, **{name: draw(of) for name, of in CHOICES.items()}}
    further = {"period": draw(RESOLVED), "name": draw(SPANS)}
    return attributes | {name: value for name, value in further.items() if draw(st.booleans())}
