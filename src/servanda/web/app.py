"""The application: routes, access, errors and headers put together.

In: settings.  Out: an ASGI application.  Agreements are read when they are first asked for.
"""

from fastapi import Depends, FastAPI
from fastapi.routing import APIRoute

import servanda
from servanda.web import openapi, problems
from servanda.web.access import decide
from servanda.web.desk import Desk
from servanda.web.drafting import pages as drafting
from servanda.web.drafting import store as drafting_store
from servanda.web.drafting.readers import Drafts
from servanda.web.editions.pages import office as editions_office
from servanda.web.editions.pages import public
from servanda.web.editions.store import prepare_tables
from servanda.web.filing import pages as filing_pages
from servanda.web.filing.tray import Tray
from servanda.web.live import Live
from servanda.web.pages import (
    about,
    agreement,
    audit,
    base_map,
    case,
    cases,
    changes,
    claims,
    drafts,
    ends,
    index,
    live,
    mapped,
    provision,
    provisions,
    record,
    records,
    what_if,
)
from servanda.web.pages.audit import Audits
from servanda.web.pages.drafts import Comparisons
from servanda.web.pages.ends import Endings
from servanda.web.people import pages as people_pages
from servanda.web.people.forms import same_form
from servanda.web.people.office import Office, open_office
from servanda.web.people.provider import open_provider
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
    live,
    base_map,
    cases,
    case,
    public,
    drafts,
    ends,
    what_if,
)
# What only those use who have signed in: a demo has none of it.
SIGNED_IN = (
    *people_pages.ROUTERS,
    *filing_pages.ROUTERS,
    editions_office.router,
    drafting.router,
)


def create_app(settings: Settings, office: Office | None = None) -> FastAPI:
    """Raises InputError for settings that cannot be served."""
    app = FastAPI(
        title="Servanda",
        version=servanda.__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        dependencies=[Depends(decide), Depends(same_form)],
    )
    app.state.settings = settings
    app.state.audits = Audits()
    app.state.endings = Endings()
    app.state.comparisons = Comparisons()
    settings.check()
    app.state.desk = Desk(Shelf(settings), settings.kept)
    app.state.drafts = Drafts(app.state.desk.shelf)
    app.state.live = Live(app.state.desk.shelf)
    for page in PAGES:
        app.include_router(page.router)
    if not settings.demo:
        app.include_router(what_if.posting)
        app.state.office = office or open_office(
            settings.kept_at, settings.people_key, secure=settings.secure
        )
        app.state.provider = settings.oidc_issuer and open_provider(
            settings.oidc_issuer, settings.oidc_client, settings.oidc_secret
        )
        app.state.tray = Tray()
        prepare_tables(app.state.office.store)
        drafting_store.prepare_tables(app.state.office.store)
        app.state.drafts = Drafts(app.state.desk.shelf, app.state.office)
        for router in SIGNED_IN:
            app.include_router(router)
    problems.install(app)
    shelf: Shelf = app.state.desk.shelf
    # The description is one for all: it names no draft, also where it was released since.
    openapi.install(app, routes(), tuple(n for n in shelf.names if not app.state.drafts.draft(n)))
    app.add_middleware(Guard, hosts=settings.called)
    return app


def routes() -> list[APIRoute]:
    """All routes, also for the test that compares them with the table of access."""
    routers = (*(page.router for page in PAGES), what_if.posting, *SIGNED_IN)
    return [r for router in routers for r in router.routes if isinstance(r, APIRoute)]
