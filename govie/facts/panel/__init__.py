"""The panel: one tidy table of the indicators' figures in any number of documents."""

from govie.facts.panel.table import PANEL_COLUMNS, panel

__all__ = ["PANEL_COLUMNS", "panel"]
