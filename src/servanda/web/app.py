"""The application: routes, access, errors and headers put together.

In: settings.  Out: an ASGI application.  Agreements are read when they are first asked for.
"""

from fastapi import Depends, FastAPI
from fastapi.routing import APIRoute

import servanda
from servanda.web import openapi, problems
from servanda.web.access import decide
from servanda.web.desk import Desk
from servanda.web.doors import Doors
from servanda.web.pages import (
    about,
    agreement,
    audit,
    changes,
    claims,
    index,
    mapped,
    provision,
    provisions,
    record,
    records,
)
from servanda.web.pages.audit import Audits
from servanda.web.security import Guard
from servanda.web.settings import Settings
from servanda.web.shelf import Shelf

PAGES = (
    about,
    index,
    agreement,
    changes,
    audit,
    provisions,
    provision,
    records,
    record,
    claims,
    mapped,
)


def create_app(settings: Settings, doors: Doors | None = None) -> FastAPI:
    """Raises InputError for settings that cannot be served."""
    app = FastAPI(
        title="Servanda",
        version=servanda.__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        dependencies=[Depends(decide)],
    )
    app.state.settings = settings
    app.state.doors = doors or Doors()
    app.state.audits = Audits()
    app.state.desk = Desk(Shelf(settings), settings.kept)
    for page in PAGES:
        app.include_router(page.router)
    problems.install(app)
    openapi.install(app, routes(), tuple(app.state.desk.shelf.names))
    app.add_middleware(Guard, hosts=settings.called)
    return app


def routes() -> list[APIRoute]:
    """All routes, also for the test that compares them with the table of access."""
    return [r for page in PAGES for r in page.router.routes if isinstance(r, APIRoute)]
