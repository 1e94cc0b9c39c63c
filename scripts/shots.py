"""Pictures of the pages, light and dark, wide and narrow, into docs/shots; what `make shots` runs.

Every picture is of the demo with the bundled agreements and is kept under 150 kB.  Those of
editions are of a server in a folder of its own, on which an invented officer has released them.
"""

import io
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from servanda.web.app import create_app  # noqa: E402
from servanda.web.people.roles import Role  # noqa: E402
from servanda.web.settings import Settings  # noqa: E402
from tests.support.browser import chromium, served  # noqa: E402
from tests.web.editions.bureau import bureau, prepared, released, tell  # noqa: E402

TARGET = ROOT / "docs" / "shots"
MOST = 150_000  # bytes of a picture
SHOWN = 1000  # pixels across of a wide picture
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
EDITIONS = {
    "editions": "/public?lang=en",
    "edition": "/public/editions/2?lang=en",
    "edition-uk": "/public/editions/2?lang=uk",
    "edition-office": "/editions/3",
}
SIZES = {"1440": (1440, 900), "390": (390, 800)}
KINDS = (("1440", "light"), ("1440", "dark"), ("390", "light"), ("390", "dark"))
ALL_KINDS = (
    "agreement",
    "provision",
    "map",
    "edition",
)  # of the others one wide and light, one narrow, dark


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


def take(browser: Any, address: str, pages: dict[str, str], cookies: list[Any]) -> None:
    """The pictures of some pages of a server."""
    for size, scheme in KINDS:
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme
        )
        context.add_cookies(cookies)
        page = context.new_page()
        for name, where in pages.items():
            odd = (size, scheme) in (("1440", "dark"), ("390", "light"))
            if odd and name not in ALL_KINDS:
                continue
            page.goto(address + where)
            page.wait_for_load_state("networkidle")
            if page.locator("[hx-get]").count():
                page.wait_for_selector("[hx-get]", state="detached", timeout=120_000)
            path = TARGET / f"{name}-{size}-{scheme}.webp"
            path.write_bytes(small(page.screenshot(full_page=True), path.name))
            print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes")
        context.close()


def take_editions(browser: Any, folder: Path) -> None:
    """A first edition, its correction, and a third in preparation."""
    house = bureau(folder, hosts=("127.0.0.1", "testserver"))
    ada = house.account("Ada Lindqvist", Role.SECRETARIAT)
    released(house, by=ada, as_of="2025-04-10")
    released(house, by=ada, corrects="1")
    one = house.begin(ada)
    tell(one, prepared(one, as_of="2025-04-20"), ("Russia",))
    with served(house.app) as address:
        cookie = {"name": house.office.cookie, "value": one.session or "", "url": address}
        take(browser, address, EDITIONS, [cookie])


def main() -> None:
    """Take every picture; exit with 1 where Chromium is absent."""
    TARGET.mkdir(parents=True, exist_ok=True)
    try:
        with chromium() as browser, tempfile.TemporaryDirectory() as folder:
            with served(create_app(Settings(demo=True))) as address:
                take(browser, address, PAGES, [])
            take_editions(browser, Path(folder))
    except LookupError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
