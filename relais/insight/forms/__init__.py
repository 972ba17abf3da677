"""The forms of the room: the sentence of the results, the filters of alerts and their acts."""

from relais.insight.forms.perimeter import EARLIEST, LATEST, PerimeterForm, YearForm

__all__ = ["EARLIEST", "LATEST", "PerimeterForm", "YearForm"]
