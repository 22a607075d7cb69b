"""Records become the sentences that scoring and training read, and these become records again."""

from annotation_records import records
from hypothesis import given, settings

from annotations.records import dump_record, parse_record
from annotations.sentences import from_sentence, to_sentence


@given(record=records())
@settings(max_examples=60, deadline=None)
def test_a_sentence_and_its_record_say_the_same(record):
    sentence = to_sentence(record)
    written = dump_record(from_sentence(sentence))
    assert to_sentence(parse_record(written)) == sentence
