"""Numerals, units, quantities, their bounds, periods and status: pure text → value functions."""

from govie.quantity.bounds import bound_of
from govie.quantity.numerals import Numeral, fold, fraction_unit, parse_numeral
from govie.quantity.periods import PeriodSpot, find_periods, resolve_period
from govie.quantity.spotting import QuantitySpot, find_quantities
from govie.quantity.status import status_of
from govie.quantity.units import Unit, parse_unit, unit_kind

__all__ = [
    "Numeral",
    "PeriodSpot",
    "QuantitySpot",
    "Unit",
    "bound_of",
    "find_periods",
    "find_quantities",
    "fold",
    "fraction_unit",
    "parse_numeral",
    "parse_unit",
    "resolve_period",
    "status_of",
    "unit_kind",
]
