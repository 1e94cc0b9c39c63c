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
from servanda.engine.assess import assess_question
from servanda.engine.question import Question
from servanda.evidence.record import Record
from servanda.library import Library
from servanda.web.problems import Problem, not_found
from servanda.web.shelf import Holding, Shelf
from servanda.web.view import View

T = TypeVar("T")
HANDS = 2  # assessments that are worked out at a time
PATIENCE = 60.0  # seconds that a request waits for its turn


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
    _lock: threading.RLock = field(default_factory=threading.RLock)

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


@dataclass
class Desk:
    shelf: Shelf
    kept: int
    _answers: "OrderedDict[tuple[View, int], Answer]" = field(default_factory=OrderedDict)
    _working: dict[tuple[View, int], threading.Lock] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _hands: threading.BoundedSemaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(HANDS)
    )

    def library(self, identity: str) -> Library:
        """Raises a problem where the agreement is not served."""
        found = self.shelf.library(identity)
        if found is None:
            raise not_found(f"No agreement “{identity}” is served here.")
        return found

    def answer(self, view: View) -> Answer:
        """Raises InputError for what cannot be understood."""
        key = (view, self.shelf.edition())
        with self._lock:
            if (found := self._answers.get(key)) is not None:
                self._answers.move_to_end(key)
                return found
            working = self._working.setdefault(key, threading.Lock())
        with working:
            with self._lock:
                if (found := self._answers.get(key)) is not None:
                    return found
            try:
                made = self._in_turn(view)
            finally:
                with self._lock:
                    self._working.pop(key, None)
            with self._lock:
                self._answers[key] = made
                while len(self._answers) > self.kept:
                    self._answers.popitem(last=False)
            return made

    def _in_turn(self, view: View) -> Answer:
        """Only so many at a time, so that pages that are worked out already still come."""
        if not self._hands.acquire(timeout=PATIENCE):
            raise Problem(503, "Busy", "Too much is asked at once. Ask again in a minute.")
        try:
            return self._work_out(view)
        finally:
            self._hands.release()

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
        rows = library.refused_rows(refused)
        result = assess_question(asked, rows, compared=False)
        text = json.dumps(result, ensure_ascii=False, sort_keys=True)
        digest = sha256(text.encode()).hexdigest()
        return Answer(view, lib, holding, asked, result, digest, rows)
