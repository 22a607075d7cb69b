"""The rule tagger and linker."""
