"""The stream by which an open page hears of changes; nothing where nothing can change."""

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from servanda.web.access import allowed, reads
from servanda.web.live import Live
from servanda.web.people.asking import looks_on
from servanda.web.people.sight import seen_by
from servanda.web.problems import Problem, not_served

router = APIRouter()
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@router.get("/agreements/{agreement}/live", name="live", include_in_schema=False)
async def live(request: Request, agreement: str) -> Response:
    """Server-sent events: a mark that changes with what the person sees."""
    streams: Live = request.app.state.live
    if agreement not in streams.shelf.names:
        raise not_served(agreement)
    if not streams.shelf.changes:
        return Response(status_code=204)  # which tells a browser not to ask again
    if streams.full:
        raise Problem(503, "Busy", "Too many pages are open at once; load the page anew to see.")
    person = request.state.person

    def still() -> bool:
        now = looks_on(request)
        same = seen_by(now) == seen_by(person) and allowed("live", now.role)
        return same and reads(request, now, agreement)

    told = streams.stream(agreement, seen_by(person), still)
    return StreamingResponse(told, 200, HEADERS, "text/event-stream")
