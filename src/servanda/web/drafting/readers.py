"""Which of the served texts are kept to those who draft: asked in one place for every page.

In: what is served, and the office with what was released.  Out: whether a text is held back, and
the release that stands.  In a demo, whose texts are shown to everybody, nothing is.
"""

from dataclasses import dataclass

from servanda.web.drafting import store
from servanda.web.drafting.store import Step
from servanda.web.people.office import Office
from servanda.web.shelf import Shelf


@dataclass(frozen=True)
class Drafts:
    """`office` is None in a demo."""

    shelf: Shelf
    office: Office | None = None

    def draft(self, identity: str) -> bool:
        """Whether a text is one that may be held back."""
        return self.office is not None and identity in self.shelf.drafts

    def held(self, identity: str) -> bool:
        """Whether a text is held back: a draft that was not released as it is served."""
        return self.draft(identity) and self.standing(identity) is None

    def digest(self, identity: str) -> str:
        """That of a draft as it is served."""
        return self.shelf.digests[identity]

    def standing(self, identity: str) -> Step | None:
        """The release of a draft, as it is served, that stands."""
        return store.standing(self.history(identity), self.digest(identity))

    def stood_at(self, identity: str, at: int) -> bool:
        """Whether a text was free for all at a time, and no text of its agreement was taken back
        since: what was made of it then may be shown now.
        """
        if not self.draft(identity):
            return True
        history = self.history(identity)
        release = store.standing(history, self.digest(identity))
        since = any(s.kind == store.WITHDRAWN and s.made >= at for s in history)
        return release is not None and release.made <= at and not since

    def history(self, identity: str) -> list[Step]:
        """What became of a draft in all its texts, the oldest first."""
        if self.office is None:
            return []
        with self.office.store.reading() as connection:
            return store.history(connection, identity)
