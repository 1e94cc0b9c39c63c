"""A draft as it stands: its status, wordings, open items, norms, and what is disputed about it.

In: an agreement with the files beside it.  Out: plain data, schema `servanda.draft/1`.
"""

from typing import Any

from servanda.language.print_condition import Printer
from servanda.library import Library
from servanda.model.agreement import Agreement, Provision
from servanda.model.descent import Descent, Drop
from servanda.model.norm import Norm
from servanda.model.term import CountsAs, Term
from servanda.model.unspecified import Unspecified
from servanda.report.balance import balance, unassigned
from servanda.report.map_facts import map_facts
from servanda.report.names import names
from servanda.report.negotiation import negotiation, positions
from servanda.report.open_items import open_items
from servanda.report.statement_checks import statement_checks
from servanda.report.sticking_points import outsiders, sticking_points

SCHEMA = "servanda.draft/1"


def draft(library: Library) -> dict[str, Any]:
    """Everything that can be said of a draft without any record of what happened."""
    agreement = library.agreement
    header = agreement.header
    items = open_items(agreement)
    record, given = negotiation(library), positions(library)
    return {
        "schema": SCHEMA,
        "agreement": {
            "id": agreement.id,
            "title": header.title,
            "status": header.status.value,
            "draft": header.draft.isoformat() if header.draft else None,
            "languages": list(header.languages),
            "authentic": list(header.authentic),
            "zone": header.zone,
            "incomplete": header.incomplete,
        },
        "provisions": provisions(library),
        "terms": [_term(t) for t in agreement.terms.values()],
        "open": {
            "deadlines": list(items.deadlines),
            "deciders": list(items.deciders),
            "rules": list(items.rules),
            "other": list(items.other),
        },
        "statements_attached": [
            {"kind": s.kind, "id": s.id, "by": s.by, "text": s.text} for s in agreement.statements
        ],
        "negotiation": record,
        "balance": balance(library),
        "balance_open": unassigned(library),
        "statement_checks": statement_checks(library),
        "map": map_facts(library),
        "positions": [dict(row) for row in given],
        "sticking_points": sticking_points(given),
        "outsiders": outsiders(library, given, record["statements"]),
    }


def provisions(library: Library) -> list[dict[str, Any]]:
    """The articles of the text with their commitments, in its order."""
    return [_provision(library, p) for p in library.agreement.provisions.values()]


def _provision(library: Library, provision: Provision) -> dict[str, Any]:
    return {
        "id": provision.id,
        "title": provision.title,
        "text": provision.text,
        "translations": _translations(library, provision),
        "left_for_later": provision.left_for_later,
        "left_open_on_purpose": provision.open_on_purpose,
        "not_public": provision.not_public,
        "descends_from": [
            _descent(d) for d in (*provision.descends_from, *_of_norms(library, provision))
        ],
        "drops": [{**_descent(d), "why": d.why} for d in provision.drops],
        "brackets": [
            {"owner": b.owner, "text": b.text, "reading": b.reading} for b in provision.brackets
        ],
        "sources": [_citation(s) for s in provision.citations],
        "norms": [
            _norm(library, n)
            for n in library.agreement.norms.values()
            if n.provision == provision.id
        ],
    }


def _descent(line: Descent | Drop) -> dict[str, Any]:
    return {"draft": line.draft, "clauses": list(line.clauses)}


def _of_norms(library: Library, provision: Provision) -> list[Descent]:
    """What the norms of a provision say of where they come from."""
    norms = library.agreement.norms.values()
    return [line for n in norms if n.provision == provision.id for line in n.descends_from]


def _citation(citation: Any) -> dict[str, Any]:
    found = {"source": citation.witness, "paragraph": citation.paragraph}
    return {**found, "digest": citation.digest} if citation.digest is not None else found


def _translations(library: Library, clause: Provision | Norm) -> list[dict[str, Any]]:
    """Texts in other languages; `authentic` is null where the text does not say."""
    authentic = library.agreement.is_authentic
    return [
        {
            "language": one.language,
            "text": one.text,
            "authentic": authentic(one.language, one.authentic),
        }
        for one in clause.translations
    ]


def _norm(library: Library, norm: Norm) -> dict[str, Any]:
    owed = [v for v in (norm.toward, norm.beneficiary) if v is not None]
    return {
        "id": norm.id,
        "kind": norm.kind.value,
        "text": norm.text,
        "translations": _translations(library, norm),
        "bearer": _bearers(norm),
        "others": norm.bearers.open if norm.bearers is not None else None,
        "toward": [name for value in owed for name in names(value)],
        "may": _allowed(norm, library.agreement),
        "shown_by": list(norm.shown_by),
        "signatory": not norm.non_signatory,
        "notes": list(norm.notes),
        "left_open_on_purpose": norm.open_on_purpose,
        "reservations": [{"by": r.by, "text": r.text} for r in norm.reservations],
        "sources": [_citation(s) for s in norm.citations],
    }


def _allowed(norm: Norm, agreement: Agreement) -> str | None:
    """What a right or a power lets its bearer do, in the language."""
    if norm.condition is None or norm.duty != "may":
        return None
    return Printer(records=dict(agreement.record_types)).condition(norm.condition)


def _bearers(norm: Norm) -> list[str]:
    if norm.bearers is None:
        return []
    return [name for v in norm.bearers.values for name in names(v)]


def _term(term: Term) -> dict[str, Any]:
    return {
        "id": term.id,
        "title": term.title,
        "inert": term.inert,
        "decided_by": None if isinstance(term.decided_by, Unspecified) else term.decided_by,
        "readings": [
            {
                "name": r.name,
                "note": r.note,
                "owners": list(r.owners),
                "changes_territory": isinstance(r.value, CountsAs),
            }
            for r in term.readings
        ],
    }
