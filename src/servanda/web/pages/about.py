"""What belongs to no agreement: files, health, and the page of the API."""

from typing import Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from servanda.web.problems import not_found
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


@router.get("/openapi.json", name="openapi", dependencies=[Depends(only_known)],
            include_in_schema=False)  # fmt: skip
def openapi(request: Request) -> Response:
    """The description of the API."""
    return JSONResponse(request.app.state.described())


@router.get("/api", name="api", dependencies=[Depends(only_known)], include_in_schema=False)
def api(request: Request) -> Response:
    """The addresses of the data, for people."""
    found: dict[str, Any] = request.app.state.described()
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
