"""Numerals, units, quantities and their bounds: pure text → value functions."""
