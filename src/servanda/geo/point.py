"""A point on the earth."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """Degrees of latitude and longitude, WGS 84.  Raises ValueError outside the earth."""

    lat: float
    lon: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.lat) and -90 <= self.lat <= 90):
            raise ValueError(f"latitude {self.lat} is not between -90 and 90")
        if not (math.isfinite(self.lon) and -180 <= self.lon <= 180):
            raise ValueError(f"longitude {self.lon} is not between -180 and 180")
