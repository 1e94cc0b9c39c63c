"""What belongs to no agreement: signing in, files, health, and the page of the API."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from servanda.web.problems import Problem, not_found
from servanda.web.render import MEDIA, asset, page
from servanda.web.view import only_known

router = APIRouter()
YEAR = 31_536_000


@router.get("/static/{name}", name="static", include_in_schema=False)
def static(name: str, v: str = "") -> Response:
    """A file of the package; kept by browsers as long as its address names what it holds."""
    found = asset(name)
    if found is None:
        raise not_found("There is no such file.")
    data, digest = found
    kept = f"public, max-age={YEAR}, immutable" if v == digest else "no-cache"
    media = MEDIA[name[name.rfind(".") :]]
    return Response(data, 200, {"Cache-Control": kept, "ETag": f'"{digest}"'}, media)


@router.get("/health", name="health", include_in_schema=False)
def health() -> Response:
    """Whether the server answers."""
    return PlainTextResponse("ok\n")


@router.get("/enter", name="enter", include_in_schema=False)
def enter(request: Request, token: Annotated[str, Query(max_length=200)] = "") -> Response:
    """The one-time link: asks before it signs in, so that looking at a link does not use it up."""
    return page(request, "enter.html", {"title": "Sign in", "token": token})


@router.post("/enter", name="entered", include_in_schema=False)
def entered(request: Request, token: Annotated[str, Form(max_length=200)]) -> Response:
    """Sign in with the secret of the link."""
    doors = request.app.state.doors
    session = doors.enter(token)
    if session is None:
        raise Problem(
            403,
            "The link does not open",
            "It was used already, is older than a quarter of an hour, or is not the one in the "
            "terminal. Start the server anew to have a new one.",
        )
    response = RedirectResponse("/", 303)
    response.set_cookie(
        doors.cookie, session, httponly=True, samesite="strict", secure=doors.secure, path="/"
    )
    return response


@router.post("/leave", name="leave", include_in_schema=False)
def leave(request: Request) -> Response:
    """Sign out."""
    doors = request.app.state.doors
    doors.leave(request.cookies.get(doors.cookie))
    response = RedirectResponse("/enter", 303)
    response.delete_cookie(doors.cookie, path="/")
    return response


@router.get("/openapi.json", name="openapi", dependencies=[Depends(only_known)],
            include_in_schema=False)  # fmt: skip
def openapi(request: Request) -> Response:
    """The description of the API."""
    return JSONResponse(request.app.openapi())


@router.get("/api", name="api", dependencies=[Depends(only_known)], include_in_schema=False)
def api(request: Request) -> Response:
    """The addresses of the data, for people."""
    found: dict[str, Any] = request.app.openapi()
    rows = [
        {
            "path": path,
            "summary": one["get"].get("description", ""),
            "schema": found["components"]["schemas"][one["get"]["summary"]].get("title", ""),
            "parameters": one["get"].get("parameters", []),
        }
        for path, one in found["paths"].items()
    ]
    return page(request, "api.html", {"title": "Addresses of the data", "rows": rows})
