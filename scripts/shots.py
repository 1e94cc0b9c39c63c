"""Pictures of the pages, light and dark, wide and narrow, into docs/shots; what `make shots` runs.

Every picture is of the demo with the bundled agreements, of two invented valleys where somebody has
signed in, or of editions that an invented officer has released; it is kept under 150 kB.
"""

import io
import json
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from PIL import Image

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from servanda.ledger.handling import Handling  # noqa: E402
from servanda.ledger.importing import enter  # noqa: E402
from servanda.ledger.ledger import open_ledger  # noqa: E402
from servanda.web.app import create_app  # noqa: E402
from servanda.web.people.roles import Role  # noqa: E402
from servanda.web.settings import Settings  # noqa: E402
from tests.docket.proceedings import ATTACKS, STEPS  # noqa: E402
from tests.support.browser import chromium, served  # noqa: E402
from tests.web.drafting.test_release import DRAFT, PAGE  # noqa: E402
from tests.web.editions.bureau import bureau, prepared, released, tell  # noqa: E402
from tests.web.filing.conftest import NOW, founded  # noqa: E402
from tests.web.people.house import build  # noqa: E402

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
    "cases": f"{FLAGSHIP}/cases?course=two-complaints",
    "case": f"{FLAGSHIP}/cases/k1a?course=two-complaints",
}
# Where somebody has signed in: the role, for whom it acts, and the page.
VALLEYS = "/agreements/valleys"
SIGNED_IN = {
    "file": ("party", "Lower", f"{VALLEYS}/file"),
    "file-record": ("party", "Lower", f"{VALLEYS}/file?type=attack"),
    "complaint": ("party", "Lower", f"{VALLEYS}/complaint?about=a1"),
    "case-papers": ("chair", "Commission", f"{VALLEYS}/cases/k1"),
}
EDITIONS = {
    "editions": "/public?lang=en",
    "edition": "/public/editions/2?lang=en",
    "edition-uk": "/public/editions/2?lang=uk",
    "edition-office": "/editions/3",
}
OF_DRAFTS = {"draft-release": PAGE}
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
ALL_KINDS = (
    "agreement",
    "provision",
    "map",
    "edition",
    "case",
    "file",
    "compare",
    "ends",
    "what-if",
)


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


def looked_at(browser: Any, address: str, pages: Mapping[str, str], cookies: Any = ()) -> None:
    """Take the pictures of some pages, in every kind that is wanted of them."""
    for size, scheme in KINDS:
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme
        )
        context.add_cookies(list(cookies))
        page = context.new_page()
        for name, where in pages.items():
            odd = (size, scheme) in (("1440", "dark"), ("390", "light"))
            if odd and name not in ALL_KINDS:
                continue
            page.goto(address + where)
            page.wait_for_load_state("load")  # a page on a ledger is never idle: it listens
            if page.locator("[hx-get]").count():
                page.wait_for_selector("[hx-get]", state="detached", timeout=120_000)
            if name in OPENED:
                page.locator("details.story summary").first.click()
                for _ in range(2):
                    page.locator("[data-do=next]").first.click()
            path = TARGET / f"{name}-{size}-{scheme}.webp"
            path.write_bytes(small(page.screenshot(full_page=True), path.name))
            print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes")
        context.close()


def of_editions(browser: Any, folder: Path) -> None:
    """A first edition, its correction, and a third in preparation."""
    house = bureau(folder, hosts=("127.0.0.1", "testserver"))
    ada = house.account("Ada Lindqvist", Role.SECRETARIAT)
    released(house, by=ada, as_of="2025-04-10")
    released(house, by=ada, corrects="1")
    one = house.begin(ada)
    tell(one, prepared(one, as_of="2025-04-20"), ("Russia",))
    with served(house.app) as address:
        cookie = {"name": house.office.cookie, "value": one.session or "", "url": address}
        looked_at(browser, address, EDITIONS, [cookie])


def of_drafts(browser: Any, folder: Path) -> None:
    """A draft that is held back, as an editor sees it."""
    text = folder / "glens.md"
    text.write_text(DRAFT, encoding="utf-8")
    house = build(folder, agreements=(str(text),), hosts=("127.0.0.1",))
    one = house.begin(house.account("Ada Lindqvist", Role.EDITOR))
    with served(house.app) as address:
        cookie = {"name": house.office.cookie, "value": one.session or "", "url": address}
        looked_at(browser, address, OF_DRAFTS, [cookie])


def of_the_valleys(browser: Any, folder: Path) -> None:
    """Pictures of pages for those who have signed in, on a ledger with a case that has begun."""
    os.environ["SERVANDA_LEDGER_KEYS"] = str(folder / "the.keys")
    house = founded(str(folder / "valleys.ledger"), folder, ("127.0.0.1",))
    ledger = open_ledger(str(folder / "valleys.ledger"))
    for row in (*ATTACKS, *STEPS[:3]):
        enter(ledger, row, Handling("parties"), NOW * 1_000_000)
    with served(house.app) as address:
        for name, (role, whom, where) in SIGNED_IN.items():
            one = house.as_role(Role(role), whom)
            cookie = {"name": house.office.cookie, "value": str(one.session), "url": address}
            looked_at(browser, address, {name: where}, [cookie])


def main() -> None:
    """Take every picture; exit with 1 where Chromium is absent."""
    TARGET.mkdir(parents=True, exist_ok=True)
    wanted = sys.argv[1:]
    pages = {n: w for n, w in PAGES.items() if not wanted or n in wanted}
    try:
        with chromium() as browser:
            with served(create_app(Settings(demo=True))) as address:
                looked_at(browser, address, pages)
            for names, made in (
                (SIGNED_IN, of_the_valleys),
                (EDITIONS, of_editions),
                (OF_DRAFTS, of_drafts),
            ):
                if not wanted or set(wanted) & set(names):
                    with tempfile.TemporaryDirectory() as folder:
                        made(browser, Path(folder))
    except LookupError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
