"""What is seen only when the whole agreement is built: unused terms, text without norm, circles."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from servanda.language.assemble import Declared
from servanda.language.scope import Names
from servanda.language.translations import unlisted
from servanda.model.agreement import Agreement
from servanda.model.condition import Call, TermHolds
from servanda.model.descent import Descent, Drop
from servanda.model.norm import NormKind
from servanda.model.span import Span


def check_agreement(agreement: Agreement, names: Names, declared: Sequence[Declared]) -> None:
    """Report what is wrong or doubtful about the agreement as a whole.

    Doubts wait until there are no errors: a norm that could not be read is not missing.
    """
    _without_reading(agreement, names, declared)
    _circles(agreement, names)
    _nobody_first(agreement, names)
    _own_descent(agreement, names)
    if not names.report.failed:
        _bound_to_text(agreement, names)
        _unused_terms(agreement, names)
        _geometry(agreement, names)
        _unlisted_languages(agreement, names)


def _bound_to_text(agreement: Agreement, names: Names) -> None:
    with_norm = {norm.provision for norm in agreement.norms.values()}
    for provision in agreement.provisions.values():
        known = provision.not_public is None and not provision.drops
        if provision.id not in with_norm and known and not provision.left_for_later:
            names.report.warning(
                "SV0701",
                f"the provision {provision.id} has text and no norm",
                provision.span,
                why="What a text says and no norm models is never assessed.",
                fix="Write its norms, or say that they are to come:\n  norms left for later",
            )
    for norm in agreement.norms.values():
        if norm.provision is None:
            names.report.warning(
                "SV0702",
                f"the norm {norm.id} belongs to no provision",
                norm.span,
                why="Readers cannot see which words of the text it models.",
                fix="Move it under the heading of its provision: `## p1. Title`, or in a bare file "
                'under `provision p1 "Title"`.',
            )
            if not agreement.provisions:
                break


def _own_descent(agreement: Agreement, names: Names) -> None:
    """Clauses come from other drafts; within one there is nothing to descend from."""
    lines: list[Descent | Drop] = []
    for provision in agreement.provisions.values():
        lines += (*provision.descends_from, *provision.drops)
    for norm in agreement.norms.values():
        lines += norm.descends_from
    for line in lines:
        if line.draft == agreement.id:
            names.report.error(
                "SV0409",
                f"`{line.draft}` is this draft itself",
                line.span,
                why="The line says what became of the clauses of an earlier or competing draft.",
                fix="Write the id of the other draft, as the line `agreement` gives it there.",
            )


def _unlisted_languages(agreement: Agreement, names: Names) -> None:
    listed = agreement.header.languages
    texts = [p.translations for p in agreement.provisions.values()]
    texts += [n.translations for n in agreement.norms.values()]
    for translations in texts:
        for one in unlisted(translations, listed):
            names.report.warning(
                "SV0706",
                f"the agreement does not list the language `{one.language}`",
                one.span,
                why=f"It says that its languages are {', '.join(listed)}.",
                fix=f"Add it to the header (`languages {', '.join((*listed, one.language))}`), "
                "or correct the language.",
            )


def _without_reading(agreement: Agreement, names: Names, declared: Sequence[Declared]) -> None:
    for declaration in declared:
        if declaration.context == "term" and "reading" not in declaration.seen:
            name = str(declaration.tree.children[0])
            names.report.error(
                "SV0601",
                f"the term `{name}` has no reading",
                declaration.span,
                why="A disputed term is a word with at least two ways to read it.",
                fix="Add the readings:\n  reading NAME: VALUE or CONDITION",
            )


def _unused_terms(agreement: Agreement, names: Names) -> None:
    for term in agreement.terms.values():
        unused = term.id not in names.used_terms and not term.inert
        if unused and not _decided(agreement, term.id):
            names.report.warning(
                "SV0703",
                f"nothing depends on the term `{term.id}`",
                term.span,
                why="No norm, state or definition uses it, so that no reading changes anything.",
                fix="Use it, remove it, or mark it as one that changes no state:\n  inert",
            )


def _decided(agreement: Agreement, term: str) -> bool:
    """Terms that change territory work without being named in a condition."""
    from servanda.model.term import CountsAs

    readings = agreement.terms[term].readings
    return any(isinstance(reading.value, CountsAs) for reading in readings)


def _circles(agreement: Agreement, names: Names) -> None:
    """Definitions, states and terms that are defined by themselves."""
    uses: dict[str, set[str]] = {}
    spans: dict[str, Span] = {}
    for group in (agreement.definitions, agreement.states, agreement.terms):
        for name, thing in group.items():
            uses[name] = set(_named(thing))
            spans[name] = thing.span
    for path in _paths_back(uses):
        circle = ", which uses ".join(f"`{name}`" for name in path[1:])
        names.report.error(
            "SV0511",
            f"`{path[0]}` is defined by itself",
            spans[path[0]],
            why=f"`{path[0]}` uses {circle}.",
            fix="Take one of them out of the circle.",
        )


def _nobody_first(agreement: Agreement, names: Names) -> None:
    """Bodies of which each hears a case after the other."""
    after = {
        one.id: {one.procedure.hears_after}
        for one in agreement.institutions.values()
        if one.procedure.hears_after is not None
    }
    for path in _paths_back(after):
        circle = ", which hears it after ".join(f"`{name}`" for name in path[1:])
        names.report.error(
            "SV0514",
            f"no body hears a case first: `{path[0]}` hears it after itself",
            agreement.institutions[path[0]].span,
            why=f"`{path[0]}` hears it after {circle}.",
            fix="Take `hears after` from the body that is the lowest.",
        )


def _paths_back(uses: dict[str, set[str]]) -> Iterator[list[str]]:
    """Circles of names, each name in one at most: every use is followed once."""
    done: set[str] = set()
    for start, first in uses.items():
        if start in done:
            continue
        path, open_uses = [start], [iter(sorted(first))]
        places = {start: 0}
        while path:
            following = next(open_uses[-1], None)
            if following is None:
                done.add(path[-1])
                del places[path.pop()]
                open_uses.pop()
            elif following in places:
                yield [*path[places[following] :], following]
                done.update(path)
                break
            elif following in uses and following not in done:
                places[following] = len(path)
                path.append(following)
                open_uses.append(iter(sorted(uses[following])))


def _named(node: Any) -> Iterable[str]:
    """The definitions and terms that a piece of the model calls."""
    if isinstance(node, Call):
        yield node.name
    elif isinstance(node, TermHolds):
        yield node.term
    if isinstance(node, tuple):
        for item in node:
            yield from _named(item)
    elif is_dataclass(node):
        for part in fields(node):
            if part.name != "span":
                yield from _named(getattr(node, part.name))


def _geometry(agreement: Agreement, names: Names) -> None:
    if agreement.folder is None:
        return
    for zone in agreement.zones.values():
        if zone.source is None:
            continue
        file = zone.source.partition("#")[0]
        if not (agreement.folder / file).is_file():
            names.report.warning(
                "SV0704",
                f"the file of {zone.id} is not there: {file}",
                zone.span,
                why="Without geometry a record can be placed there by name only.",
                fix="Put the file into the agreement's folder.",
            )


__all__ = ["NormKind", "check_agreement"]
