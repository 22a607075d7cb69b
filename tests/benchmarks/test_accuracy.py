"""The accuracy script, with a stub in the extractor's place."""

import json

import accuracy
import pytest
from accuracy import predict_alone, predict_in_documents
from mistakes import find_mistakes, frequencies, listing
from splits import part_of

import govie
from govie.annotations import read_annotations
from govie.document import Document
from govie.records import Extraction, Relation, Span
from govie.scoring import FactKey, RelationKey, RoleKey, ScoredSentence, SpanKey, score

DEV, HELD = "report-1.txt", "report-2.txt"
TEXT = "会议通报。新建4条路。全市增长5%。"


def line(key, file, start, text, digit):
    return {
        "id": key,
        "text": text,
        "entities": [{"id": 1, "label": "QUANTITY", "start_offset": digit, "end_offset": digit + 1}],
        "relations": [],
        "facts": [],
        "source": {"file": file, "start": start, "end": start + len(text)},
    }


def digits(text):
    """Extract every ASCII digit as a QUANTITY, and chain them: a stub with the extractor's shape."""
    text = text if isinstance(text, str) else text.text
    found = [i for i, character in enumerate(text) if character in "0123456789"]
    spans = tuple(Span(n, "QUANTITY", i, i + 1, text[i], 1.0, "rule") for n, i in enumerate(found))
    return Extraction(text, spans, tuple(Relation(0, span.id, "UNIT", 1.0, "rule") for span in spans[1:]), (), ())


def read(path):
    text = path.read_text("utf-8")
    return Document(text, text)


@pytest.fixture
def corpus(tmp_path):
    lines = [line("a", DEV, 5, "新建4条路。", 2), line("b", DEV, 11, "全市增长5%。", 4), line("c", HELD, 0, "第9名", 1)]
    lines.append(line("d", DEV, 0, "会议通告。", 1))
    path = tmp_path / "gold.jsonl"
    path.write_text("\n".join(json.dumps(each, ensure_ascii=False) for each in lines), "utf-8")
    (tmp_path / DEV).write_text(TEXT, "utf-8")
    (tmp_path / HELD).write_text("第9名", "utf-8")
    return path


def test_the_split_is_by_name_and_never_changes():
    assert [part_of(name) for name in (DEV, HELD, "report-3.txt", "report-11.txt")] == ["dev", "held", "dev", "held"]
    parts = [part_of(f"{number}.txt") for number in range(3000)]
    assert 900 < parts.count("held") < 1100


def test_documents_are_extracted_whole_and_cut_at_the_sentences(corpus):
    sentences = [each for each in read_annotations(corpus) if each.file == DEV]
    done = predict_in_documents(sentences, corpus.parent, read, digits)
    assert done.characters == len(TEXT)
    assert done.displaced == ["d"]
    a, b = done.sentences
    assert a.spans == {SpanKey(2, 3, "QUANTITY")}
    assert b.spans == {SpanKey(4, 5, "QUANTITY")}
    # The stub's link from 4 to 5 crosses the sentences: it stays in the later one, where it cannot match.
    assert not a.relations
    assert len(b.relations) == 1


def test_a_displaced_sentence_counts_as_missed(corpus):
    sentences = [each for each in read_annotations(corpus) if each.file == DEV]
    gold = [ScoredSentence.from_annotation(each) for each in sentences]
    done = predict_in_documents(sentences, corpus.parent, read, digits)
    counts = score(gold, done.sentences)["spans"]["micro"]
    assert (counts.correct, counts.predicted, counts.gold) == (2, 2, 3)


def test_sentences_alone_know_nothing_of_each_other(corpus):
    done = predict_alone([each for each in read_annotations(corpus) if each.file == DEV], digits)
    assert [sentence.key for sentence in done.sentences] == ["a", "b", "d"]
    assert not any(sentence.relations for sentence in done.sentences)


@pytest.fixture
def stubbed(monkeypatch):
    monkeypatch.setattr(govie, "read", read, raising=False)
    monkeypatch.setattr(govie, "load", lambda mode: digits, raising=False)


def run(corpus, *more):
    return accuracy.main(["--annotations", str(corpus), "--texts", str(corpus.parent), "--resamples", "0", *more])


def test_only_the_part_asked_for_is_read_and_scored(corpus, stubbed, capsys):
    (corpus.parent / HELD).unlink()
    assert run(corpus) == 0
    out = capsys.readouterr().out
    assert "3 sentences of 1 documents" in out
    assert "1 sentences are not found at their place (all missed): ['d']" in out


def test_both_parts_are_scored_apart(corpus, stubbed, capsys, tmp_path):
    assert run(corpus, "--part", "all", "--json", str(tmp_path / "scores.json")) == 0
    scores = json.loads((tmp_path / "scores.json").read_text("utf-8"))
    assert {part: report["sentences"] for part, report in scores.items()} == {"dev": 3, "held": 1}


def test_mistakes_are_written_for_the_dev_part(corpus, stubbed, tmp_path, capsys):
    assert run(corpus, "--errors", str(tmp_path / "errors.md")) == 0
    assert "     1  span QUANTITY: missed" in capsys.readouterr().out
    assert "gold 议 | found — | 会【议】通告。 | d" in (tmp_path / "errors.md").read_text("utf-8")


@pytest.mark.parametrize("part", ["held", "all"])
def test_mistakes_of_documents_set_aside_are_refused(corpus, stubbed, part, tmp_path, capsys):
    with pytest.raises(SystemExit) as caught:
        run(corpus, "--part", part, "--errors", str(tmp_path / "errors.md"))
    assert caught.value.code == 2
    assert "spoils the measurement" in capsys.readouterr().err
    assert not (tmp_path / "errors.md").exists()
    assert run(corpus, "--part", part, "--errors", str(tmp_path / "errors.md"), "--i-know") == 0


def test_broken_annotation_ends_with_our_message(tmp_path, stubbed, capsys):
    (tmp_path / "gold.jsonl").write_text("{", "utf-8")
    assert run(tmp_path / "gold.jsonl") == 1
    assert "gold.jsonl:1: not JSON" in capsys.readouterr().err


def test_raw_offsets_lead_to_text_offsets_over_dropped_stretches():
    document = Document("甲乙丙丁", "甲乙丙丁", source_map=((0, 2), (2, 7)))
    assert [document.text_offset(raw) for raw in (0, 2, 3, 4, 6, 7, 8, 9, 99)] == [0, 0, 1, 2, 2, 2, 3, 4, 4]
    assert all(document.text_offset(document.source_offset(i)) == i for i in range(5))


# ---- kinds of mistakes --------------------------------------------------------------------

SENTENCE = "新建4条农村公路，市政府牵头。"
FOUR, ROAD = SpanKey(2, 3, "QUANTITY"), SpanKey(4, 8, "INDICATOR")
LANE, HALL = SpanKey(3, 4, "UNIT"), SpanKey(9, 12, "AGENCY")


def sentence(spans=(), relations=(), facts=(), roles=()):
    return ScoredSentence("k", "doc", frozenset(spans), frozenset(relations), frozenset(facts), frozenset(roles))


def kinds(gold, predicted):
    return sorted(mistake.kind for mistake in find_mistakes(gold, predicted, SENTENCE))


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        (ROAD._replace(start=3), "span INDICATOR: boundary left, too long"),
        (ROAD._replace(start=6), "span INDICATOR: boundary left, too short"),
        (ROAD._replace(end=9), "span INDICATOR: boundary right, too long"),
        (ROAD._replace(end=6), "span INDICATOR: boundary right, too short"),
        (SpanKey(3, 6, "INDICATOR"), "span INDICATOR: boundary left, too long; right, too short"),
        (ROAD._replace(label="ACTION"), "span INDICATOR: wrong label ACTION"),
        (SpanKey(3, 6, "UNIT"), "span INDICATOR: wrong label UNIT and boundary"),
    ],
)
def test_a_span_that_nearly_fits_is_one_mistake(found, kind):
    assert kinds(sentence([ROAD]), sentence([found])) == [kind]


def test_missed_and_spurious_spans_are_two():
    assert kinds(sentence([ROAD]), sentence([HALL])) == ["span AGENCY: spurious", "span INDICATOR: missed"]


def test_a_missed_span_prefers_its_own_label():
    found = [SpanKey(3, 7, "ACTION"), SpanKey(7, 8, "INDICATOR")]
    assert kinds(sentence([ROAD]), sentence(found)) == [
        "span ACTION: spurious",
        "span INDICATOR: boundary left, too short",
    ]


VALUE = RelationKey(ROAD, FOUR, "VALUE")


@pytest.mark.parametrize(
    ("relations", "kind"),
    [
        ([], "relation VALUE: not linked"),
        ([VALUE._replace(label="CHANGE")], "relation VALUE: wrong type CHANGE"),
        ([VALUE._replace(head=HALL)], "relation VALUE: wrong partner"),
    ],
)
def test_relations_among_right_spans(relations, kind):
    spans = [FOUR, ROAD, LANE, HALL]
    assert kinds(sentence(spans, [VALUE]), sentence(spans, relations)) == [kind]


def test_relations_whose_spans_are_not_found():
    assert "relation VALUE: head not found" in kinds(sentence([FOUR, ROAD], [VALUE]), sentence([FOUR]))
    assert "relation VALUE: head and tail not found" in kinds(sentence([FOUR, ROAD], [VALUE]), sentence())
    assert "relation VALUE: spurious, a span is wrong" in kinds(sentence([FOUR]), sentence([FOUR, ROAD], [VALUE]))
    assert kinds(sentence([FOUR, ROAD]), sentence([FOUR, ROAD], [VALUE])) == ["relation VALUE: spurious"]


def test_attributes_of_right_pairs_and_roles():
    meant = FactKey(ROAD, FOUR, "value", None, "exact", "target")
    said = FactKey(ROAD, FOUR, "change", "increase", "exact", "target")
    assert kinds(sentence(facts=[meant]), sentence(facts=[said])) == [
        "fact direction: None read as increase",
        "fact kind: value read as change",
    ]
    assert kinds(sentence(roles=[RoleKey(HALL, "lead")]), sentence(roles=[RoleKey(HALL, "support")])) == [
        "role lead: missed",
        "role support: spurious",
    ]


def test_the_listing_quotes_the_sentence_and_the_table_counts():
    mistakes = list(find_mistakes(sentence([ROAD, FOUR]), sentence([ROAD._replace(start=6)]), SENTENCE))
    assert frequencies(mistakes).splitlines() == [
        "     1  span INDICATOR: boundary left, too short",
        "     1  span QUANTITY: missed",
    ]
    assert "gold 农村公路 | found 公路 | 新建4条【农村公路】，市政府牵头。 | k" in listing(mistakes)


def test_spans_that_reach_over_the_sentence_are_quoted_as_far_as_they_lie_in_it():
    outside = RelationKey(SpanKey(-4, -2, "INDICATOR"), FOUR, "VALUE")
    (mistake,) = find_mistakes(sentence([FOUR]), sentence([FOUR], [outside]), SENTENCE)
    assert mistake.found == "[-4, -2)→4"
