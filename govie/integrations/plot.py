"""Pictures of the panel: one indicator over regions, or over years."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from difflib import get_close_matches
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from govie.errors import GovieError, MissingExtraError, OptionError
from govie.facts.indicator_names import NO_UNIT, Indicator, indicators
from govie.quantity.units import parse_unit
from govie.records import Kind, Status
from govie.wording import STATUS_WORDS

if TYPE_CHECKING:
    import pandas
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["PICTURE_FORMATS", "plot_panel"]

PICTURE_FORMATS = ("png", "svg", "pdf")
"""Suffixes of the files that a picture can be saved as."""

_FAMILIES = (
    *("Noto Sans CJK SC", "Source Han Sans SC", "Source Han Sans CN", "Noto Sans SC", "WenQuanYi Micro Hei"),
    *("WenQuanYi Zen Hei", "Microsoft YaHei", "PingFang SC", "Hiragino Sans GB", "Heiti SC", "SimHei"),
    *("Noto Sans CJK JP", "Noto Sans CJK TC", "Noto Serif CJK SC", "Droid Sans Fallback", "AR PL UMing CN"),
)
_PACKAGED = "NotoSansCJKsc-Regular.otf"  # of the package mplfonts, under the SIL Open Font License
_BOUNDS = {"at_least": "≥", "at_most": "≤", "about": "≈"}
_COLOURS = ("#1f6f8b", "#d1603d", "#6a994e", "#7b5ea7", "#c9a227", "#5c677d")
_FEWEST_YEARS = 3  # with fewer years the regions make the better axis
_MOST_LINES = 12
_DOT, _LINE_HEIGHT, _WIDTH = 36, 0.3, 8.0


class _Point(NamedTuple):
    """One figure, in the unit of the picture."""

    region: str
    year: int
    status: Status
    low: float
    high: float
    bound: str
    conflict: bool

    @property
    def middle(self) -> float:
        """The number, of a range the middle."""
        return (self.low + self.high) / 2


class _Choice(NamedTuple):
    """What a picture shows."""

    indicator: Indicator
    kind: Kind
    unit: str
    points: list[_Point]

    @property
    def title(self) -> str:
        """The indicator, with 增长 where its growth is shown, and the unit."""
        growth = "增长" if self.kind == "change" and self.indicator.level != "growth" else ""
        return f"{self.indicator.name}{growth}({self.unit})" if self.unit else self.indicator.name + growth


def plot_panel(
    table: pandas.DataFrame, indicator: str, *, kind: Kind | None = None, status: Status | None = None
) -> Figure:
    """Draw one indicator's annual figures, over years or, where there are few, over regions.

    Args:
        table: what :func:`govie.panel` returned.
        indicator: id of a canonical indicator, such as ``gdp``.
        kind: ``value`` or ``change``; by default whichever the table has more of.
        status: ``actual``, ``estimate`` or ``target``; by default, of one region all, else whichever
            the table has more of.

    Returns:
        A figure of matplotlib; ``figure.savefig("gdp.png", dpi=150)`` writes it.

    Raises:
        MissingExtraError: matplotlib is not installed.
        OptionError: the indicator is unknown, or the table has no number of it.
        GovieError: no font with Chinese characters is installed.
    """
    try:
        import matplotlib
        from matplotlib.figure import Figure
    except ImportError:
        raise MissingExtraError("a picture", "plot") from None
    choice = _choose(table, indicator, kind, status)
    with matplotlib.rc_context({"font.family": [_chinese_family(), "DejaVu Sans"]}):
        over_years = _is_over_years(choice.points)
        rows = 14 if over_years else len({point.region for point in choice.points})
        figure = Figure(figsize=(_WIDTH, 1.6 + _LINE_HEIGHT * rows), layout="constrained")
        axes = figure.add_subplot()
        (_draw_years if over_years else _draw_regions)(axes, choice.points)
        axes.set_title(choice.title, loc="left")
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(color="#e5e5e5", linewidth=0.8)
        axes.set_axisbelow(True)
        figure.draw_without_rendering()
    return figure


def _choose(table: pandas.DataFrame, wanted: str, kind: Kind | None, status: Status | None) -> _Choice:
    indicator = _indicator(wanted)
    _check("kind", kind, get_args(Kind))
    _check("status", status, get_args(Status))
    found = table[(table["indicator_id"] == wanted) & (table["basis"] == "annual") & (table["kind"] != "gap")]
    found = found[found["amount"].notna() & found["year"].notna()]
    found = _narrowed(found, "kind", kind)
    if status is not None or found["region"].nunique() > 1:
        found = _narrowed(found, "status", status)
    if found.empty:
        raise OptionError(
            f"the panel has no such number of {wanted}", hint="Look at its rows, or choose another kind or status."
        )
    shown: Kind = found["kind"].iloc[0]
    unit, magnitude = _unit(indicator, shown, found["base_unit"])
    found = found[found["base_unit"].fillna("") == found["base_unit"].fillna("").mode()[0]]
    return _Choice(indicator, shown, unit, [_point(row, magnitude) for row in found.to_dict("records")])


def _narrowed(table: pandas.DataFrame, column: str, value: str | None) -> pandas.DataFrame:
    """Return the rows with a value in a column, with the commonest one for None."""
    if value is None and not table.empty:
        value = str(table[column].value_counts().index[0])
    narrowed: pandas.DataFrame = table[table[column] == value]
    return narrowed


def _indicator(wanted: str) -> Indicator:
    known = {indicator.id: indicator for indicator in indicators()}
    if wanted not in known:
        near = get_close_matches(wanted, known, n=3) or ["gdp", "cpi", "retail_sales"]
        raise OptionError(f"no indicator has the id {wanted!r}", hint=f"Perhaps {', '.join(near)}?")
    return known[wanted]


def _check(option: str, value: str | None, choices: tuple[str, ...]) -> None:
    if value is not None and value not in choices:
        raise OptionError(f"{option} is {value!r}", hint=f"Choose one of {', '.join(choices)}.")


def _unit(indicator: Indicator, kind: Kind, base_units: pandas.Series[str]) -> tuple[str, Decimal]:
    """Return the unit shown, and what an amount is divided by for it: the indicator's usual unit where it fits."""
    common = str(base_units.fillna("").mode()[0])
    if kind == "value" and indicator.unit != NO_UNIT:
        usual = parse_unit(indicator.unit)
        if usual.base_unit == common:
            return usual.text, usual.magnitude
    return common, Decimal(1)


def _point(row: dict[str, Any], magnitude: Decimal) -> _Point:
    sign = -1 if row["direction"] == "decrease" else 1
    low = float(row["amount"] / magnitude) * sign
    high = low if row["amount_max"] is None else float(row["amount_max"] / magnitude) * sign
    region = row["region"] if isinstance(row["region"], str) else row["document"] or ""
    return _Point(region, int(row["year"]), row["status"], low, high, row["bound"], bool(row["conflict"]))


def _is_over_years(points: list[_Point]) -> bool:
    years, regions = {point.year for point in points}, {point.region for point in points}
    return len(regions) == 1 or (len(years) >= _FEWEST_YEARS and len(regions) <= _MOST_LINES)


def _draw_years(axes: Axes, points: list[_Point]) -> None:
    """Draw a line for each region, of a single one for each status; where places disagree, hollow points beside it."""
    from matplotlib.ticker import MaxNLocator

    for number, (name, line) in enumerate(_lines(points)):
        colour = _COLOURS[number % len(_COLOURS)]
        agreed, disputed = [p for p in line if not p.conflict], [p for p in line if p.conflict]
        axes.plot([p.year for p in agreed], [p.middle for p in agreed], "o-", color=colour, markersize=4, label=name)
        axes.plot([p.year for p in disputed], [p.middle for p in disputed], "o", color=colour, fillstyle="none")
        axes.vlines([p.year for p in line], [p.low for p in line], [p.high for p in line], color=colour, linewidth=3)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(frameon=False, fontsize="small")


def _lines(points: list[_Point]) -> Iterator[tuple[str, list[_Point]]]:
    alone = len({point.region for point in points}) == 1
    names = list(dict.fromkeys(STATUS_WORDS[point.status] if alone else point.region for point in points))
    for name in names:
        line = [point for point in points if name == (STATUS_WORDS[point.status] if alone else point.region)]
        yield f"{line[0].region} {name}" if alone else name, sorted(line, key=lambda point: point.year)


def _draw_regions(axes: Axes, points: list[_Point]) -> None:
    """Draw a row for each region and a colour for each year; ≥ ≤ ≈ say how a number binds."""
    regions = list(dict.fromkeys(point.region for point in points))
    years = sorted({point.year for point in points})
    status = STATUS_WORDS[points[0].status]
    for number, year in enumerate(years):
        shift = (number - (len(years) - 1) / 2) * 0.6 / len(years)
        colour = _COLOURS[number % len(_COLOURS)]
        shown = [(point, regions.index(point.region) + shift) for point in points if point.year == year]
        axes.scatter(
            [point.middle for point, _ in shown],
            [height for _, height in shown],
            s=_DOT,
            color=["none" if point.conflict else colour for point, _ in shown],
            edgecolors=colour,
            label=f"{year}年{status}",
        )
        for point, height in shown:
            axes.hlines(height, point.low, point.high, color=colour, linewidth=3, alpha=0.4)
            axes.annotate(
                _label(point),
                (point.high, height),
                (6, -3),
                textcoords="offset points",
                color=colour,
                fontsize="x-small",
            )
    axes.set_yticks(range(len(regions)), regions)
    axes.invert_yaxis()
    axes.margins(x=0.12)
    axes.legend(frameon=False, fontsize="small", loc="upper left", bbox_to_anchor=(1, 1))


def _label(point: _Point) -> str:
    number = f"{point.low:,g}" if point.low == point.high else f"{point.low:,g}–{point.high:,g}"
    return _BOUNDS.get(point.bound, "") + number


@lru_cache(maxsize=1)
def _chinese_family() -> str:
    """Return a font family with Chinese characters: an installed one, else that of the package mplfonts.

    Raises:
        GovieError: there is none.
    """
    from matplotlib.font_manager import fontManager

    installed = set(fontManager.get_font_names())
    found = next((family for family in _FAMILIES if family in installed), None) or _packaged_family()
    if found is None:
        hint = "Install one (on Debian and Ubuntu: apt install fonts-noto-cjk), or: pip install 'govie[fonts]'"
        raise GovieError("no font with Chinese characters is installed", where="the picture", hint=hint)
    return found


def _packaged_family() -> str | None:
    from matplotlib.font_manager import FontProperties, fontManager

    spec = find_spec("mplfonts")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        for path in sorted(Path(folder).rglob(_PACKAGED)):
            fontManager.addfont(path)
            return FontProperties(fname=str(path)).get_name()
    return None
