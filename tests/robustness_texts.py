"""Random texts in the language of reports, shared by the tests of properties."""

from pathlib import Path

from hypothesis import strategies as st

FILE = Path(__file__).parent / "data/robustness/fragments.txt"
ESCAPES = {
    "\\n": "\n",
    "\\t": "\t",
    **{f"\\u{code}": chr(int(code, 16)) for code in ("3000", "0000", "200b", "feff", "d800")},
}
FRAGMENTS = [ESCAPES.get(line, line) for line in FILE.read_text("utf-8").splitlines() if line and line[0] != "#"]

report_texts = st.lists(st.sampled_from(FRAGMENTS), max_size=30).map("".join)
any_texts = st.text(st.characters(), max_size=60)  # lone surrogates included
texts = st.one_of(
    report_texts,
    any_texts,
    st.builds("".join, st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=4)), max_size=20)),
)
