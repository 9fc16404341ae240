"""The drawings of the house, as text a page can hold: place as a sector, counts with their coverage.

One door for the pages and the printer. The rule: a drawing says what is not known (hatched, dashed, in words) as plainly as what is.
"""

from fairwitness.web.draw_place import Bearing, sector
from fairwitness.web.draw_series import Break, Point, series, series_for_any_screen, strip

__all__ = ["Bearing", "Break", "Point", "sector", "series", "series_for_any_screen", "strip"]
