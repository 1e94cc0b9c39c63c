"""Pages in a browser as people meet them: they fit, keep nobody out, and ask no other host.

In: a page of Chromium, or a server and those who sign in.  Out: assertions, and what was blocked.
"""

from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from servanda.web.people import sessions
from servanda.web.people.office import Place
from servanda.web.people.person import Person
from tests.web.people.house import House

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# A box to tick is as large as its label.
SMALL = """() => [...document.querySelectorAll(
  "main button, main input, main select, main textarea, main summary, "
  + ".tongues a, .who a, .who button")]
  .filter((e) => e.type !== "hidden" && e.type !== "checkbox" && e.getBoundingClientRect().width
          && e.getBoundingClientRect().height < 24)
  .map((e) => e.outerHTML)"""


def looked_at(page: Any, where: str) -> None:
    """It fits, keeps nobody out, and has nothing too small to be hit, all of it opened."""
    page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
    assert page.evaluate(TOO_WIDE) <= 0, where
    assert page.evaluate(SMALL) == [], where
    page.evaluate(AXE)
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    told = [(v["id"], [n["target"] for n in v["nodes"]]) for v in found]
    assert told == [], f"{where}: {told}"


class Blocked:
    """Requests of pages to other hosts than their own, none of which is let through."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.outside: list[str] = []
        self.faults: list[str] = []

    def page_of(self, context: Any) -> Any:
        """A page of a context, watched."""
        context.route("**/*", self._let)
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", self._said)
        return page

    def _let(self, route: Any) -> None:
        if urlsplit(route.request.url).netloc == urlsplit(self.address).netloc:
            route.continue_()
        else:
            self.outside.append(route.request.url)
            route.abort()

    def _said(self, message: Any) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(message.text)


class Desk(Blocked):
    """Pages of people who have signed in, each in a browser of its own."""

    def __init__(self, browser: Any, house: House, address: str, **options: Any) -> None:
        super().__init__(address)
        self.browser, self.house, self.options = browser, house, options

    def of(self, person: Person) -> Any:
        office = self.house.office
        with office.store.writing() as connection:
            token = sessions.begin(office, connection, person.account, Place("here", "test"))
        context = self.browser.new_context(
            **{"viewport": {"width": 1440, "height": 900}, **self.options}
        )
        context.add_cookies([{"name": office.cookie, "value": token, "url": self.address}])
        return self.page_of(context)
