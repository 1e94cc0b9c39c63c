"""Assessments for pages: worked out once for each view and kept, as many as the settings say.

In: a view.  Out: the question, the parts of its assessment that a page asks for, and what pages
derive from them.  Two requests for one view wait for one piece of work.
"""

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any, TypeVar, cast

from servanda import __version__, asking
from servanda.engine.assess import Assessment, assess_question
from servanda.engine.question import Question
from servanda.evidence.record import Record
from servanda.library import Library
from servanda.web.kept import Kept
from servanda.web.problems import not_served
from servanda.web.shelf import Holding, Shelf
from servanda.web.view import View

T = TypeVar("T")
QUEUE = 24  # requests for assessments that wait or work at a time

HEAVY = 200_000  # records
KEPT_RECORDS = 8_000_000  # of all assessments that are kept, each with its own
PAGES = 60  # of one view that are kept as they are sent, for who has not signed in


def at_once(make: Callable[[], T]) -> T:
    return make()


@dataclass
class Answer:
    """One view, worked out as far as pages ask; `derived` keeps what several of them need of it.

    `turn` does a piece of work when its turn comes; `text` is the digest of the agreement and of
    what lies beside it.
    """

    view: View
    library: Library
    holding: Holding
    question: Question
    refused: tuple[Mapping[str, Any], ...] = ()
    turn: Callable[[Callable[[], Any]], Any] = at_once
    text: str = ""
    _kept: dict[str, Any] = field(default_factory=dict)
    _pages: "OrderedDict[str, str]" = field(default_factory=OrderedDict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    @cached_property
    def _assessment(self) -> Assessment:
        """That of pages: under the evidence standard of the view alone.

        What other standards say takes longer than all the rest.
        """
        return Assessment(self.question, self.refused, compared=False)

    @property
    def head(self) -> dict[str, Any]:
        """Of which agreement it is, as of when and under what: the first members of each result."""
        return self.derived("head", self._assessment.head)

    @property
    def result(self) -> dict[str, Any]:
        """The assessment of all commitments, without what other standards say."""
        return self.derived("result", lambda: self.turn(self._assessment.plain))

    def rows(self, *norms: str) -> list[dict[str, Any]]:
        """The instances of some commitments, as `result` has them; no others are worked out."""

        def make() -> list[dict[str, Any]]:
            return [row for norm in norms for row in self._assessment.rows(norm)]

        return self.derived(f"rows {' '.join(norms)}", lambda: self.turn(make))

    def row(self, instance: str) -> dict[str, Any] | None:
        """One instance of a commitment, as `result` has it; None where there is none."""
        rows = self.rows(instance.partition("[")[0])
        return next((row for row in rows if row["id"] == instance), None)

    @property
    def effects(self) -> list[dict[str, Any]]:
        """How guarantees stand, as `result` has it."""
        return self.derived("effects", lambda: self.turn(lambda: self._assessment.effects))

    @property
    def digest(self) -> str:
        """Of all that pages of this view are made of: two with one digest say the same."""

        def make() -> str:
            made_of = (__version__, self.text, self.holding.mark, self.head)
            text = json.dumps(made_of, ensure_ascii=False, sort_keys=True, default=str)
            return sha256(text.encode("utf-8", "replace")).hexdigest()

        return self.derived("digest", make)

    @property
    def heavy(self) -> bool:
        """Whether there are so many records that what other standards say comes after the page."""
        return self.weight() > HEAVY

    def weight(self) -> int:
        """How many records it is of, which tells how much memory it takes."""
        return len(self.question.inputs.records)

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
        self._answers = Kept(self.kept, queue=QUEUE, weigh=Answer.weight, heaviest=KEPT_RECORDS)

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
        asked, refused = asking.question(
            lib,
            holding.records,
            as_of=view.as_of,
            known_at=view.known_at,
            standard=view.standard,
            readings=dict(view.readings),
            assume=view.assume,
        )
        rows, text = asking.refused_rows(refused), self.shelf.digests[view.agreement]
        return Answer(view, lib, holding, asked, rows, self.in_turn, text)
