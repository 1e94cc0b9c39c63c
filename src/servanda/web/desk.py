"""Assessments for pages: worked out once for each view and kept, as many as the settings say.

In: a view.  Out: the question, its assessment as `servanda.assessment/1`, and what pages derive
from it.  Two requests for one view wait for one piece of work.
"""

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, TypeVar, cast

from servanda import library
from servanda.engine.assess import Listed, assess_question
from servanda.engine.question import Question
from servanda.evidence.excerpt import Excerpt
from servanda.evidence.record import Record
from servanda.library import Library
from servanda.web.kept import Kept
from servanda.web.problems import not_served
from servanda.web.shelf import Holding, Shelf
from servanda.web.view import View

T = TypeVar("T")
QUEUE = 24  # requests for assessments that wait or work at a time

HEAVY = 200_000  # records
PAGES = 60  # of one view that are kept as they are sent, for who has not signed in


@dataclass
class Answer:
    """One view, worked out; `derived` keeps what several pages need of it.

    `result` is what pages show: the assessment under the evidence standard of the view, without
    what other standards say, which takes longer than all the rest; `digest` is that of `result`.
    """

    view: View
    library: Library
    holding: Holding
    question: Question
    result: dict[str, Any]
    digest: str
    refused: tuple[Mapping[str, Any], ...] = ()
    _kept: dict[str, Any] = field(default_factory=dict)
    _pages: "OrderedDict[str, str]" = field(default_factory=OrderedDict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def heavy(self) -> bool:
        """Whether there are so many records that what other standards say comes after the page."""
        return len(self.question.inputs.records) > HEAVY

    def known(self) -> Sequence[Record]:
        """The records that are known and not taken back, worked out once."""
        return self.derived("known", self.question.inputs.known)

    @property
    def whole(self) -> dict[str, Any]:
        """The whole assessment, `servanda.assessment/1`, worked out when it is first asked for."""
        return self.derived("whole", lambda: assess_question(self.question, self.refused))

    def derived(self, name: str, make: Callable[[], T]) -> T:
        """What `make` gives, made once; one at a time, since a question keeps its work."""
        with self._lock:
            if name not in self._kept:
                self._kept[name] = make()
            return cast("T", self._kept[name])

    def page(self, key: str, make: Callable[[], str]) -> str:
        """A page as it is sent, made once; the latest used are kept."""
        with self._lock:
            if key not in self._pages:
                self._pages[key] = make()
                while len(self._pages) > PAGES:
                    self._pages.popitem(last=False)
            self._pages.move_to_end(key)
            return self._pages[key]


@dataclass
class Desk:
    shelf: Shelf
    kept: int
    _answers: "Kept[tuple[View, int], Answer]" = field(init=False)

    def __post_init__(self) -> None:
        self._answers = Kept(self.kept, queue=QUEUE)

    def library(self, identity: str) -> Library:
        """Raises a problem where the agreement is not served."""
        found = self.shelf.library(identity)
        if found is None:
            raise not_served(identity)
        return found

    def answer(self, view: View) -> Answer:
        """Raises InputError for what cannot be understood."""
        return self._answers.of((view, self.shelf.edition()), lambda: self._work_out(view))

    def in_turn(self, make: Callable[[], T]) -> T:
        """Another assessment, such as a hypothetical one, in its turn; it is not kept."""
        return self._answers.in_turn(make)

    def _work_out(self, view: View) -> Answer:
        lib = self.library(view.agreement)
        holding = self.shelf.holding(lib, view.course, view.sight)
        asked, refused = library.question(
            lib,
            holding.records,
            as_of=view.as_of,
            known_at=view.known_at,
            standard=view.standard,
            readings=dict(view.readings),
            assume=view.assume,
        )
        return answered(view, lib, holding, asked, library.refused_rows(refused))


def _counted(breaches: Listed) -> list[Any]:
    """Of violations, very many perhaps, what tells them from others."""
    return [len(breaches), breaches.entered.digest()]


def _claims(asked: Question) -> list[str]:
    """The claimed totals, which pages show and the shorter assessment leaves out."""
    records = asked.view.records
    if isinstance(records, Excerpt):
        return list(records.of_type("claim_total").ids)
    return [record.id for record in asked.view.of_type("claim_total")]


def answered(
    view: View,
    lib: Library,
    holding: Holding,
    asked: Question,
    refused: tuple[Mapping[str, Any], ...] = (),
) -> Answer:
    """The assessment of a question, with its digest."""
    result = assess_question(asked, refused, compared=False)
    told = {**result, "claims": _claims(asked)}
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, default=_counted)
    digest = sha256(text.encode()).hexdigest()
    return Answer(view, lib, holding, asked, result, digest, refused)
