"""The description of the API, with the schemas that the library has for its results.

In: the application.  Out: OpenAPI of the JSON addresses; pages for people are not described.
"""

import json
from collections.abc import Sequence
from functools import cache, partial
from importlib.resources import files
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from servanda.web.problems import MEDIA_TYPE
from servanda.web.problems import SCHEMA as PROBLEM

# By the name of a route: the file of its schema.
FILES = {
    "index.json": "agreements-1.json",
    "agreement.json": "assessment-1.json",
    "changes.json": "changes-1.json",
    "audit.json": "audit-1.json",
    "cases.json": "cases-1.json",
    "case.json": "cases-1.json",
    "provisions.json": "provisions-1.json",
    "provision.json": "provision-1.json",
    "records.json": "records-1.json",
    "record.json": "record-1.json",
    "claims.json": "claims-1.json",
    "map.json": "map-1.json",
    "public.json": "editions-1.json",
    "edition.json": "release-1.json",
    "compare.json": "comparison-1.json",
    "ends.json": "ends-1.json",
    "drafts.json": "drafts-1.json",
    "what_if.json": "what-if-1.json",
}
ANSWERS = {
    "400": "Cannot be understood",
    "401": "Not signed in",
    "403": "Not allowed",
    "404": "Not found",
    "414": "The address is too long",
    "503": "Busy: too much is asked at once",
    "501": "Needs what is not installed",
}
DESCRIPTIONS = {
    "agreement": "Id of an agreement that is served.",
    "provision": "Id of a provision of the agreement.",
    "course": "An invented course of events in place of the records; HYPOTHETICAL.",
    "as_of": "State as of this day or instant; default: the latest record.",
    "known_at": "Only what was reported by this day or instant; default: no limit.",
    "standard": "Evidence standard: which records count; default: corroborated.",
    "reading": "TERM=NAME fixes one reading of a disputed term; may be repeated.",
    "assume": "NORM.FIELD=VALUE fills in what the text leaves open; may be repeated.",
    "since": "From this day on; for changes a month before as_of, if not given.",
    "why": "The instance whose state is explained.",
    "record": "Id of a record.",
    "case": "Id of the complaint that opened the case.",
    "body": "The body before which the case is; default: the last one that has it.",
    "q": "Words that all occur in a record.",
    "type": "Type of record.",
    "speaker": "Whose word it is.",
    "until": "Dated up to this day.",
    "unit": "Id of a unit of the base map.",
    "start": "How many records to pass over.",
    "count": "How many records to give.",
    "lang": "Language of the page: en, uk or ru; default: as the browser prefers.",
    "number": "Number of a released edition.",
    "draft": "Id of an agreement that is served; 2 to 6 to compare, in the order of the columns.",
    "show": "What the page shows: meaning, words or brackets.",
    "ends": "Any value: also who can end what, which takes longer.",
    "records": "Invented records as JSON Lines, on top of those that are known; HYPOTHETICAL.",
    "suppose": "As assume, on one side alone: NORM.FIELD=VALUE; may be repeated.",
    "day": "Day or instant of the record that is added.",
    "value": "Arguments of the record that is added, in the order of its type; may be repeated.",
    "place": "Where the record that is added says it was.",
    "told_by": "Who alone says so of the record that is added.",
    "do": "add writes the record of type, day and value into records.",
    "part": "A part of the page without its frame, for the page itself; “now”: all of it at once.",
}


@cache
def _file(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        (files("servanda") / "schemas" / name).read_text(encoding="utf-8")
    )
    return found


def schema_of(route: str) -> dict[str, Any]:
    """The schema of the data of a route."""
    found = _file(FILES[route])
    return {k: v for k, v in found.items() if k not in ("$schema", "$id")}


def install(app: FastAPI, routes: Sequence[APIRoute], served: Sequence[str]) -> None:
    """Describe the JSON addresses among some routes; `served` are the ids that it names."""
    app.state.described = partial(_described, app, routes, served)


def _described(app: FastAPI, routes: Sequence[APIRoute], served: Sequence[str]) -> dict[str, Any]:
    if app.openapi_schema is None:
        told = {
            r.path_format: r.name
            for r in routes
            if r.path.endswith(".json") and r.include_in_schema
        }
        made = get_openapi(title="Servanda", version=app.version, routes=app.routes)
        paths = {path: one for path, one in made["paths"].items() if path in told}
        schemas: dict[str, Any] = {"Problem": PROBLEM}
        for path, methods in paths.items():
            _describe(told[path], methods["get"], schemas)
            for one in methods["get"].get("parameters", ()):
                if one["name"] == "agreement" and served:
                    one["schema"] = {"type": "string", "enum": list(served)}
        app.openapi_schema = {**made, "paths": paths, "components": {"schemas": schemas}}
    return app.openapi_schema


def _describe(name: str, operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    component = name.removesuffix(".json")
    pointer = f"#/components/schemas/{component}"
    text = json.dumps(schema_of(name)).replace('"#/$defs/', f'"{pointer}/$defs/')
    schemas[component] = json.loads(text)
    problem = {"content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    operation["operationId"] = name
    operation["summary"] = component
    operation["responses"] = {
        "200": {
            "description": "The data of the page",
            "content": {"application/json": {"schema": {"$ref": pointer}}},
        },
        **{status: {"description": told, **problem} for status, told in ANSWERS.items()},
    }
    for one in operation.get("parameters", ()):
        one["description"] = DESCRIPTIONS.get(one["name"], "")
