"""The neural tagger and linker: one encoder pass a sentence, everything else in numpy."""
