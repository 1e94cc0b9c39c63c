"""Which of the served texts are kept to those who draft: asked in one place for every page.

In: what is served, and the office with what was released.  Out: whether a text is held back, and
the release that stands.  In a demo, whose texts are shown to everybody, nothing is.
"""

from dataclasses import dataclass, field

from servanda.web.drafting import store
from servanda.web.drafting.content import digest_of
from servanda.web.drafting.store import Step
from servanda.web.people.office import Office
from servanda.web.shelf import Shelf


@dataclass
class Drafts:
    """`office` is None in a demo."""

    shelf: Shelf
    office: Office | None = None
    _digests: dict[str, str] = field(default_factory=dict)

    def draft(self, identity: str) -> bool:
        """Whether a text is one that may be held back."""
        return self.office is not None and self.shelf.draft(identity)

    def held(self, identity: str) -> bool:
        """Whether a text is held back: a draft that was not released as it now stands."""
        return self.draft(identity) and self.standing(identity) is None

    def digest(self, identity: str) -> str:
        """That of a text as it is served."""
        if identity not in self._digests:
            found = self.shelf.library(identity)
            assert found is not None, identity
            self._digests[identity] = digest_of(found)
        return self._digests[identity]

    def standing(self, identity: str) -> Step | None:
        """The release of a draft, as it is served, that stands."""
        return store.standing(self.history(identity), self.digest(identity))

    def history(self, identity: str) -> list[Step]:
        """What became of a draft in all its texts, the oldest first."""
        if self.office is None:
            return []
        with self.office.store.reading() as connection:
            return store.history(connection, identity)
