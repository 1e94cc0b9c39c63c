"""What a form sent: texts by field, and a file.  It is read once access was decided, not before."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fastapi import Request
from starlette.datastructures import UploadFile

from servanda.web.people.forms import MAX_FIELDS
from servanda.web.security import MAX_UPLOAD


@dataclass(frozen=True, slots=True)
class Sent:
    """`name` and `data` are those of a file."""

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    name: str = ""
    data: bytes = b""

    def one(self, name: str) -> str:
        return next((text.strip() for text in self.fields.get(name, ()) if text.strip()), "")

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(text for text in self.fields.get(name, ()) if text)


async def sent(request: Request) -> Sent:
    """The fields of a form that was sent to a page for people who may file."""
    form = await request.form(max_fields=MAX_FIELDS)
    fields: dict[str, list[str]] = {}
    name, data = "", b""
    for key, value in form.multi_items():
        if isinstance(value, UploadFile):
            name = (value.filename or "")[:200]
            data = await value.read(MAX_UPLOAD + 1)
            await value.close()
        else:
            fields.setdefault(key, []).append(value)
    return Sent({key: tuple(values) for key, values in fields.items()}, name, data)
