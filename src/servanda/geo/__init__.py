"""Where things are: points, units, zones and lines; placing, distances and areas.

The base map follows internationally recognised borders.  Knows nothing of agreements or records.
"""

from servanda.geo.atlas import Atlas
from servanda.geo.gazetteer import Ambiguous
from servanda.geo.point import Point
from servanda.geo.shape import Relation, Shape
from servanda.geo.zone_file import load_zone

__all__ = ["Ambiguous", "Atlas", "Point", "Relation", "Shape", "load_zone"]
