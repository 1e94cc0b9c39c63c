"""Lay the raster over the units of the base map anew: after a change of their borders."""

from pathlib import Path

from servanda import geo
from servanda.geo import Atlas, kept_raster
from servanda.geo.placing import Units

HERE = Path(geo.__file__).parent / "data" / kept_raster.FILE


def main() -> None:
    HERE.write_text(kept_raster.written(Units(Atlas.standard()).regions), encoding="utf-8")
    print(f"{HERE}: {HERE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
