"""Sources and sides: who speaks, for whom, and with what mandate."""

from collections.abc import Mapping
from dataclasses import dataclass

from servanda.model.actor import Actor


@dataclass(frozen=True, slots=True)
class Source:
    """A registered source.  `side` None: of no side.  `mandate`: types it may vouch for alone."""

    id: str
    name: str = ""
    kind: str = ""
    side: str | None = None
    mandate: tuple[str, ...] = ()
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Speakers:
    """Answers who is on whose side; built from an agreement's actors and its list of sources."""

    actors: Mapping[str, Actor]
    sources: Mapping[str, Source]

    def side_of(self, speaker: str) -> str | None:
        """The side a speaker belongs to: a party, a member of a group, an organ or state medium."""
        if speaker in self.sources and self.sources[speaker].side:
            return self.sources[speaker].side
        actor = self.actors.get(speaker)
        if actor is not None and actor.is_side:
            return speaker
        for group in self.actors.values():
            if group.is_side and speaker in (*group.members, *group.voice):
                return group.id
        return None

    def known(self, speaker: str) -> bool:
        return (
            speaker in self.sources or speaker in self.actors or self.side_of(speaker) is not None
        )

    def acts(self, name: str) -> bool:
        """Whether a name is that of an actor or of a member of one."""
        return name in self.actors or any(
            name in (*actor.members, *actor.voice) for actor in self.actors.values()
        )

    def speaks_for(self, speaker: str, party: str) -> bool:
        """Whether the speaker is the party itself: by its own name or as its declared voice."""
        if speaker == party:
            return True
        actor = self.actors.get(party)
        return actor is not None and speaker in actor.voice

    def mandated(self, speaker: str, record_type: str) -> bool:
        """Whether it is a mandated body of no side for records of this type."""
        source = self.sources.get(speaker)
        return source is not None and source.side is None and record_type in source.mandate

    def kind_of(self, speaker: str) -> str:
        """The kind that the list of sources gives, else that of the actor; empty when unknown."""
        if speaker in self.sources and self.sources[speaker].kind:
            return self.sources[speaker].kind
        return self.actors[speaker].kind if speaker in self.actors else ""

    def sides(self) -> tuple[str, ...]:
        return tuple(actor.id for actor in self.actors.values() if actor.is_side)

    def belongs(self, actor: str, to: str) -> bool:
        """Whether an act of `actor` is an act of `to`: itself, or a member of that group."""
        if actor == to:
            return True
        group = self.actors.get(to)
        return (
            group is not None and group.kind == "group" and actor in (*group.members, *group.voice)
        )
