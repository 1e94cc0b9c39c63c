"""What is wrong with a pair of coordinates, in words; None where nothing seems wrong.

Refused: what is no number, lies outside the earth, or is the zero that stands for “unknown”.
Suspected: latitude and longitude that would fit the expected area only if they were swapped.
"""

import math
from dataclasses import dataclass

# A point this near to 0, 0 stands for “unknown”: the sea off West Africa.
NULL_ISLAND_DEGREES = 0.001


@dataclass(frozen=True, slots=True)
class Box:
    """An area between two meridians and two parallels, in degrees."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, lat: float, lon: float) -> bool:
        return self.south <= lat <= self.north and self.west <= lon <= self.east

    def grown(self, degrees: float) -> "Box":
        return Box(
            self.west - degrees, self.south - degrees, self.east + degrees, self.north + degrees
        )


def problem(lat: float, lon: float, expected: Box | None = None) -> str | None:
    """Why a point cannot be used as it is written."""
    if not (math.isfinite(lat) and math.isfinite(lon)):
        return f"{lat}, {lon} are no coordinates"
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        hint = "; they look swapped" if -90 <= lon <= 90 and -180 <= lat <= 180 else ""
        return f"latitude {lat:g}, longitude {lon:g} lie outside the earth{hint}"
    if abs(lat) < NULL_ISLAND_DEGREES and abs(lon) < NULL_ISLAND_DEGREES:
        return "latitude 0, longitude 0 stand for a place that is not known"
    if expected and not expected.holds(lat, lon) and expected.holds(lon, lat):
        return f"latitude {lat:g} and longitude {lon:g} look swapped"
    return None
