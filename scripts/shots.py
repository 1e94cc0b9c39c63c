"""Pictures of the pages, light and dark, wide and narrow, into docs/shots; what `make shots` runs.

Every picture is of the demo with the bundled agreements; it is kept under 150 kB.
"""

import io
import json
import sys
from pathlib import Path
from urllib.parse import quote

from PIL import Image

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from servanda.web.app import create_app  # noqa: E402
from servanda.web.settings import Settings  # noqa: E402
from tests.support.browser import chromium, served  # noqa: E402

TARGET = ROOT / "docs" / "shots"
MOST = 150_000  # bytes of a picture
SHOWN = 1000  # pixels across of a wide picture
PATIENCE = 240_000  # milliseconds until the slow parts of a page are there
TALLEST = 5200  # pixels of a page that are shown
FLAGSHIP, PAUSE = "/agreements/ukraine-28-point", "/agreements/energy-moratorium-2025"
COURSE = "?course=first-months"
PAGES = {
    "agreements": "/",
    "agreement": f"{FLAGSHIP}{COURSE}",
    "proposal": FLAGSHIP,
    "provision": f"{FLAGSHIP}/provisions/p28{COURSE}",
    "readings": f"{PAUSE}/provisions/pause?standard=any_claim",
    "records": f"{PAUSE}/records",
    "record": f"{PAUSE}/records/t1-0321-sudzha-ru",
    "claims": f"{PAUSE}/claims",
    "map": f"{FLAGSHIP}/map{COURSE}",
}
SUPPOSED = [
    {"id": f"w{n}", "type": "attack", "at": "2026-04-02T12:00:00Z", "place": {"name": "Kharkiv"},
     "args": {"by": "Russia", "on": "Ukraine"}, "source": f"Observer_{n}"}
    for n in (1, 2)
]  # fmt: skip
PAGES |= {
    "drafts": "/drafts",
    "compare": "/drafts/compare?draft=ukraine-28-point&draft=e3-counter-draft",
    "ends": f"{FLAGSHIP}/ends",
    "audit": "/agreements/easter-truce-2025/audit",
    "what-if": f"{FLAGSHIP}/what-if{COURSE}&suppose=p6.force_cap.deadline%3D2026-03-01&records="
    + quote("\n".join(map(json.dumps, SUPPOSED))),
}
OPENED = {"audit"}  # with its first story open, at the second step
SIZES = {"1440": (1440, 900), "390": (390, 800)}
KINDS = (("1440", "light"), ("1440", "dark"), ("390", "light"), ("390", "dark"))
# Of the others one wide and light, one narrow and dark.
ALL_KINDS = ("agreement", "provision", "map", "compare", "ends", "what-if")


def small(png: bytes, name: str) -> bytes:
    """The picture as WebP, as good as the limit of size allows."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    image = image.crop((0, 0, image.width, min(image.height, TALLEST)))
    if image.width > SHOWN:
        size = (SHOWN, round(image.height * SHOWN / image.width))
        image = image.resize(size, Image.Resampling.LANCZOS)
    for quality in range(80, 5, -5):
        data = io.BytesIO()
        image.save(data, "WEBP", quality=quality, method=6)
        if len(data.getvalue()) <= MOST:
            return data.getvalue()
    sys.exit(f"{name} cannot be made small enough.")


def main() -> None:
    """Take every picture; exit with 1 where Chromium is absent."""
    TARGET.mkdir(parents=True, exist_ok=True)
    try:
        with served(create_app(Settings(demo=True))) as address, chromium() as browser:
            for size, scheme in KINDS:
                width, height = SIZES[size]
                context = browser.new_context(
                    viewport={"width": width, "height": height}, color_scheme=scheme
                )
                page = context.new_page()
                page.set_default_timeout(PATIENCE)
                for name, where in PAGES.items():
                    odd = (size, scheme) in (("1440", "dark"), ("390", "light"))
                    if odd and name not in ALL_KINDS:
                        continue
                    page.goto(address + where)
                    page.wait_for_load_state("networkidle")
                    if page.locator("[hx-get]").count():
                        page.wait_for_selector("[hx-get]", state="detached")
                    if name in OPENED:
                        page.locator("details.story summary").first.click()
                        for _ in range(2):
                            page.locator("[data-do=next]").first.click()
                    path = TARGET / f"{name}-{size}-{scheme}.webp"
                    path.write_bytes(small(page.screenshot(full_page=True), path.name))
                    print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes")
                context.close()
    except LookupError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
