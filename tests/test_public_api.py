"""The public names are a promise: adding or dropping one must be meant."""

import govie

PUBLIC = [
    "Document",
    "Extraction",
    "Extractor",
    "Fact",
    "GovieError",
    "MissingExtraError",
    "ModelError",
    "OptionError",
    "ReadError",
    "Relation",
    "Span",
    "Task",
    "__version__",
    "extract",
    "load",
    "panel",
    "read",
]


def test_public_names():
    assert sorted(govie.__all__) == PUBLIC


def test_every_public_name_exists_and_is_documented():
    for name in PUBLIC:
        assert getattr(govie, name), name
        if name != "__version__":
            assert getattr(govie, name).__doc__, name


def test_errors_share_one_base():
    for name in PUBLIC:
        if name.endswith("Error"):
            assert issubclass(getattr(govie, name), govie.GovieError)
