"""The whole: who can end what in an agreement, under the readings and assumptions that are chosen.

In: an agreement with what lies beside it.  Out: `Ends`.  What the text leaves open can be assumed
for a run; what could not be decided in the time given is listed, never told as absent.
"""

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from servanda.asking import check_readings, standard_name
from servanda.ends.alone import alone
from servanda.ends.answers import WHOLE, Search
from servanda.ends.attribution import Attributing
from servanda.ends.power import Power
from servanda.ends.result import Commitment, Ends
from servanda.ends.seats import seats_of
from servanda.engine.assumptions import BadAssumption, apply
from servanda.engine.question import REFERENCE, Inputs, Question
from servanda.engine.strata import NegativeCycle
from servanda.engine.walk import walk
from servanda.library import InputError, Library
from servanda.model import condition as c
from servanda.model.agreement import Agreement
from servanda.model.standard import Standard
from servanda.reason.budget import Budget

SECONDS = WHOLE


def who_ends(
    library: Library,
    norm: str | None = None,
    readings: Mapping[str, str] | None = None,
    assume: Sequence[str] = (),
    seconds: float = SECONDS,
    progress: Callable[[str], None] = lambda _: None,
    attribution: bool = True,
    only: Sequence[Power] = tuple(Power),
    standard: str | Standard | None = None,
) -> Ends:
    """Who can end what; `norm` is a norm, one of its instances, or a provision.

    `only` leaves out other powers; `attribution` may be left out as well, or be told of one
    evidence standard alone.

    Raises InputError for what cannot be understood.
    """
    agreement = assumed(library.agreement, assume)
    check_readings(agreement, dict(readings or {}))
    wanted = _wanted(agreement, norm)
    own = standard if isinstance(standard, Standard) else None
    inputs = Inputs(agreement, library.atlas, sources=library.sources, engine=REFERENCE, own=own)
    try:
        base = Question.of(inputs)
    except NegativeCycle as error:
        raise InputError(f"Nothing can be worked out: {error}.") from error
    if hollow := [t.id for t in agreement.terms.values() if not t.readings]:
        raise InputError(f"Nothing can be worked out: {', '.join(hollow)} has no reading.")
    search = Search(base, dict(readings or {}), Budget(seconds), frozenset(only))
    found: list[Commitment] = []
    for name in wanted:
        progress(name)
        found += search.commitments(agreement.norms[name])
    if norm is not None and "[" in norm:
        found = [one for one in found if one.id == norm]
        if not found:
            raise InputError(_unknown(norm, [i for n in wanted for i in _ids(search, n)]))
    seats = seats_of(search.world({}).setting)
    progress("attribution")
    asked = base.standards if standard is None else (standard_name(standard),)
    told = tuple(Attributing(search, asked).of(found)) if attribution else ()
    return Ends(
        tuple(found),
        alone(found, {one.body: one for one in seats}, _consents(agreement)),
        seats,
        told,
        _of(found, search.undecided),
        tuple(search.cut),
    )


def _of(found: Sequence[Commitment], undecided: Iterable[str]) -> tuple[str, ...]:
    """What was not decided of the commitments that are told."""
    kept = {one.id for one in found}
    return tuple(line for line in undecided if line.split(": ", maxsplit=1)[0] in kept)


def _consents(agreement: Agreement) -> frozenset[str]:
    """The types of record by which parties bring the agreement into force."""
    when = agreement.header.in_force_when
    nodes = () if when is None else walk(when, agreement, {})
    return frozenset(kind for node in nodes if isinstance(node, c.Consent) for kind in node.types)


def _wanted(agreement: Agreement, norm: str | None) -> list[str]:
    if norm is None:
        return list(agreement.norms)
    bare = norm.split("[", maxsplit=1)[0]
    if bare in agreement.norms:
        return [bare]
    inside = [n.id for n in agreement.norms.values() if n.provision == bare]
    if inside:
        return inside
    raise InputError(_unknown(bare, [*agreement.norms, *agreement.provisions]))


def _ids(search: Search, norm: str) -> list[str]:
    return [one.id for one in search.world({}).instances(norm)]


def _unknown(name: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    hint = f" Did you mean {close[0]}?" if close else ""
    return f"“{name}” is no provision or commitment of this agreement.{hint}"


def assumed(agreement: Agreement, texts: Sequence[str]) -> Agreement:
    """The agreement with what is assumed written into it."""
    try:
        changed, given = apply(agreement, texts)
    except BadAssumption as error:
        raise InputError(f"--assume {error}") from error
    single = [text for text in given.deadlines if text not in changed.norms]
    if single:
        raise InputError(
            f"--assume {single[0]}.deadline: who can end what is asked of the commitment as a "
            "whole; assume the deadline of the commitment, without [ … ]."
        )
    norms = {
        norm.id: replace(
            norm,
            decided_by=given.deciders.get(norm.id, norm.decided_by),
            lists=tuple(
                replace(one, value=c.SetOf(tuple(map(c.Name, given.lists[one.name]))))
                if one.name in given.lists
                else one
                for one in norm.lists
            ),
        )
        for norm in changed.norms.values()
    }
    institutions = {
        body.id: replace(
            body,
            vote=given.votes.get(body.id, body.vote),
            quorum=None if body.id in given.votes else body.quorum,
        )
        for body in changed.institutions.values()
    }
    return replace(changed, norms=norms, institutions=institutions)
