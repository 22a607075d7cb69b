"""The spaCy component: found by its entry point, offsets under any tokenizer, everything carried along."""

from __future__ import annotations

import hashlib
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
import spacy
from spacy import displacy
from spacy.tokens import Doc, DocBin

import govie
from govie.errors import ModelError, OptionError
from govie.integrations.spacy_component import DISPLACY_COLORS, register_extensions
from govie.records import SPAN_LABELS

ROOT = Path(__file__).parents[2]
# Blanks inside and between names, ASCII beside Chinese, a line end of two characters, a character beyond the BMP.
TEXT = (
    "2021年沈河区政府工作报告\r\n一、2020年工作回顾\r\n预计GDP  完成990亿元，同比增长0.2%；R&D 经费投入强度达到 2.5 %，"
    "PM2.5平均浓度下降10%以上。\U00020bb7野家新增门店3家。\r\n二、2021年工作安排\r\n1.新建4至6条小区配套路。责任单位：区发改局"
)
TASKS = (ROOT / "seeds" / "004_8f7669790fd4255f.txt").read_text(encoding="utf-8")


@pytest.fixture
def nlp():
    made = spacy.blank("zh")
    made.add_pipe("govie", config={"mode": "rules"})
    return made


@pytest.fixture
def expected():
    return govie.load(mode="rules")(TEXT)


def _python(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)


def test_spacy_finds_the_component_and_the_colours_without_an_import_of_govie():
    code = """
import spacy
nlp = spacy.blank("zh")
nlp.add_pipe("govie")
html = spacy.displacy.render(nlp("完成投资5亿元。"), style="span", options={"spans_key": "govie"}, jupyter=False)
print(nlp.pipe_names, "#56b4e9" in html)
"""
    done = _python(code)
    assert done.stdout == "['govie'] True\n", done.stderr


@pytest.mark.parametrize("text", [TEXT, TASKS, ""])
def test_a_doc_holds_what_the_extractor_finds(nlp, text):
    doc, extraction = nlp(text), govie.load(mode="rules")(text)
    assert doc.text == text
    assert [(span.id_, span.label_, span.start_char, span.end_char, span.text) for span in doc.spans["govie"]] == [
        (str(span.id), span.label, span.start, span.end, span.text) for span in extraction.spans
    ]
    assert (doc._.facts, doc._.relations, doc._.tasks) == (extraction.facts, extraction.relations, extraction.tasks)
    assert doc._.govie == extraction
    assert doc._.govie.title == extraction.title
    assert doc._.govie_unaligned == ()
    assert doc.ents == ()


def test_the_texts_hold_something(expected):
    assert len(expected.facts) >= 6
    assert len(govie.load(mode="rules")(TASKS).tasks) > 20


def test_tokens_larger_than_the_words_lose_nothing(expected):
    """Blank English takes a run of Chinese for one token, and cuts at blanks."""
    nlp = spacy.blank("en")
    nlp.add_pipe("govie", config={"mode": "rules"})
    doc = nlp(TEXT)
    group = doc.spans["govie"]
    assert len(group) == len(expected.spans)
    assert doc._.govie == expected
    for span, exact in zip(group, expected.spans, strict=True):
        assert span.start_char <= exact.start < exact.end <= span.end_char
        assert (span.label_, exact.text in span.text) == (exact.label, True)
        assert (exact.id in doc._.govie_unaligned) == (span.text != exact.text)
    assert doc._.govie_unaligned


def test_the_words_of_a_fact_are_found_by_their_ids(nlp):
    doc = nlp(TEXT)
    group = doc.spans["govie"]
    words = [(group[fact.indicator].text, group[fact.quantity].text) for fact in doc._.facts]
    assert ("R&D 经费投入强度", "2.5") in words


def test_entities_on_request_leave_those_of_others_alone(expected):
    nlp = spacy.blank("zh")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "MONEY", "pattern": [{"TEXT": char} for char in "990亿元"]}])
    nlp.add_pipe("govie", config={"mode": "rules", "ents": True, "spans_key": "facts"})
    doc = nlp(TEXT)
    assert len(doc.spans["facts"]) == len(expected.spans)
    assert [(ent.text, ent.label_) for ent in doc.ents if ent.start_char < TEXT.index("同比")] == [
        ("GDP", "INDICATOR"),
        ("990亿元", "MONEY"),
    ]
    assert len(doc.ents) == len(expected.spans) - 1


def test_entities_do_not_overlap_where_tokens_are_large():
    nlp = spacy.blank("en")
    nlp.add_pipe("govie", config={"mode": "rules", "ents": True})
    doc = nlp(TEXT)
    assert 0 < len(doc.ents) < len(doc.spans["govie"])


def test_two_processes_give_what_one_gives(nlp):
    texts = [TEXT, TASKS, "没有数字。", TEXT]
    one = [nlp(text) for text in texts]
    two = list(nlp.pipe(texts, n_process=2, batch_size=1))
    assert [doc._.govie for doc in two] == [doc._.govie for doc in one]
    assert [len(doc.spans["govie"]) for doc in two] == [len(doc.spans["govie"]) for doc in one]


def test_the_component_survives_pickling(nlp):
    component = pickle.loads(pickle.dumps(nlp.get_pipe("govie")))
    assert component(nlp.make_doc(TEXT))._.govie == nlp(TEXT)._.govie


def test_a_pipeline_is_saved_and_read_back(tmp_path):
    nlp = spacy.blank("zh")
    nlp.add_pipe("govie", config={"mode": "rules", "spans_key": "found", "ents": True})
    nlp.to_disk(tmp_path / "pipeline")
    again = spacy.load(tmp_path / "pipeline")
    assert again.get_pipe("govie").options == nlp.get_pipe("govie").options
    assert again(TEXT)._.govie == nlp(TEXT)._.govie
    changed = spacy.load(tmp_path / "pipeline", config={"components": {"govie": {"spans_key": "other"}}})
    assert list(changed(TEXT).spans) == ["other"]


def test_a_docbin_carries_everything_to_another_process(nlp, tmp_path):
    docs = [nlp(TEXT), nlp(TASKS)]
    DocBin(docs=docs, store_user_data=True).to_disk(tmp_path / "docs.spacy")
    code = f"""
import hashlib, spacy
from spacy.tokens import DocBin
from govie.integrations.spacy_component import register_extensions
register_extensions()
for doc in DocBin().from_disk({str(tmp_path / "docs.spacy")!r}).get_docs(spacy.blank("zh").vocab):
    print(len(doc.spans["govie"]), len(doc._.facts), len(doc._.relations), len(doc._.tasks),
          hashlib.sha256(doc._.govie.to_json().encode()).hexdigest())
"""
    done = _python(code)
    assert done.stdout.splitlines() == [_summary(doc) for doc in docs], done.stderr


def _summary(doc):
    digest = hashlib.sha256(doc._.govie.to_json().encode()).hexdigest()
    return f"{len(doc.spans['govie'])} {len(doc._.facts)} {len(doc._.relations)} {len(doc._.tasks)} {digest}"


def test_a_doc_that_the_component_has_not_seen_is_empty():
    register_extensions()
    doc = spacy.blank("zh")(TEXT)
    assert (doc._.govie, doc._.facts, doc._.relations, doc._.tasks, doc._.govie_unaligned) == (None, (), (), (), ())


@pytest.mark.parametrize("style", ["span", "ent"])
def test_displacy_shows_the_words_in_our_colours(style):
    nlp = spacy.blank("zh")
    nlp.add_pipe("govie", config={"mode": "rules", "ents": True})
    html = displacy.render(nlp(TEXT), style=style, options={"spans_key": "govie"}, jupyter=False)
    for label in ("INDICATOR", "QUANTITY", "UNIT", "ACTION"):
        assert label in html
        assert DISPLACY_COLORS[label] in html


def test_every_label_has_a_colour_that_black_words_stand_out_on():
    def channel(part):
        return part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4

    assert tuple(DISPLACY_COLORS) == ("INDICATOR", "QUANTITY", "UNIT", "ACTION", "PERIOD", "AGENCY")
    assert set(DISPLACY_COLORS) == set(SPAN_LABELS)
    assert len(set(DISPLACY_COLORS.values())) == len(SPAN_LABELS)
    for colour in DISPLACY_COLORS.values():
        red, green, blue = (channel(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
        assert (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) / 0.05 > 7  # WCAG 2.1, AAA


class Fragile:
    """An extractor that one word breaks, alone and in company."""

    def __init__(self):
        self.real = govie.load(mode="rules")

    def __call__(self, text):
        if "坏" in text:
            raise RuntimeError("broken on purpose")
        return self.real(text)

    def pipe(self, texts, batch_size):
        return map(self, texts)


def test_a_document_that_fails_is_reported_and_the_others_go_on(nlp, monkeypatch):
    monkeypatch.setattr(nlp.get_pipe("govie"), "_extractor", Fragile())
    reported = []
    nlp.set_error_handler(lambda name, component, docs, error: reported.append((name, docs[0].text, str(error))))
    docs = list(nlp.pipe([TEXT, "坏", "完成投资5亿元。"]))
    assert [doc.text for doc in docs] == [TEXT, "完成投资5亿元。"]
    assert reported == [("govie", "坏", "broken on purpose")]


@pytest.mark.parametrize(
    ("config", "error", "words"),
    [
        ({"mode": "magic"}, OptionError, "mode is 'magic'.*rules"),
        ({"device": "abacus"}, OptionError, "device is 'abacus'.*cpu"),
        ({"model": "nowhere"}, ModelError, "nowhere"),
    ],
)
def test_a_wrong_setting_is_named(config, error, words):
    with pytest.raises(error, match=words):
        spacy.blank("zh").add_pipe("govie", config=config)


def test_a_name_that_another_package_has_taken_is_refused(nlp):
    ours = Doc.get_extension("facts")
    Doc.set_extension("facts", default="theirs", force=True)
    try:
        with pytest.raises(OptionError, match=r"doc\._\.facts.*remove_extension"):
            spacy.blank("zh").add_pipe("govie")
    finally:
        Doc.set_extension("facts", getter=ours[2], force=True)


def test_without_spacy_the_error_says_what_to_install():
    done = _python("import sys; sys.modules['spacy'] = None; import govie.integrations.spacy_component")
    assert "MissingExtraError" in done.stderr
    assert "pip install 'govie[spacy]'" in done.stderr
