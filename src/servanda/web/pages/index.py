"""The first page: which agreements are served, and how their texts stand."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from servanda.library import Library
from servanda.web import words
from servanda.web.access import readable
from servanda.web.frame import course_name
from servanda.web.people.sight import NARROWEST, Sight, seen_by
from servanda.web.respond import either
from servanda.web.shelf import Shelf
from servanda.web.view import View, only_known

router = APIRouter(dependencies=[Depends(only_known)])


@dataclass(frozen=True, slots=True)
class Course:
    id: str
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Row:
    id: str
    title: str
    status: str
    draft: str
    provisions: int
    norms: int
    records: int
    courses: tuple[Course, ...]

    @property
    def address(self) -> str:
        return View(self.id).address()


def rows(request: Request) -> list[Row]:
    """One row for each agreement that whoever asks may read, by its title."""
    shelf, sight = request.app.state.desk.shelf, seen_by(request.state.person)
    found = [row(lib, shelf, sight) for lib in readable(request)]
    return sorted(found, key=lambda one: one.title.casefold())


def row(lib: Library, shelf: Shelf, sight: Sight = NARROWEST) -> Row:
    header = lib.agreement.header
    courses = tuple(
        Course(name, course_name(name), View(header.id, course=name).address())
        for name in shelf.courses(lib)
    )
    return Row(
        header.id,
        header.title,
        header.status.value,
        "" if header.draft is None else words.day(header.draft),
        len(lib.agreement.provisions),
        len(lib.agreement.norms),
        len(shelf.holding(lib, sight=sight).records.records),
        courses,
    )


def plain(found: list[Row]) -> dict[str, Any]:
    """Schema `servanda.agreements/1`."""
    return {
        "schema": "servanda.agreements/1",
        "agreements": [
            {
                "id": one.id,
                "title": one.title,
                "status": one.status,
                "provisions": one.provisions,
                "norms": one.norms,
                "records": one.records,
                "courses": [course.id for course in one.courses],
                "address": one.address,
            }
            for one in found
        ],
    }


@router.get("/", name="index")
@router.get("/index.json", name="index.json")
def index(request: Request) -> Response:
    """The agreements that are served."""
    found = rows(request)
    return either(
        request,
        "index.html",
        lambda: plain(found),
        lambda: {"title": "Agreements", "rows": found},
    )
