"""Which findings stand: the rules of the body, applied to a finding and to the case that it is in.

A finding stands when a competent body made it, speaking itself, while established; when what its
procedure demands had been done; when it was carried under a vote that the agreement (or an
assumption) gives; and when no appeal has undone or suspended it.  Silence on a rule never counts
as a rule.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from servanda.docket.appeal import Appeal, appeals, effects
from servanda.docket.ballot import Ballot, ballot
from servanda.docket.carried import Outcome, outcome
from servanda.docket.case import Case, Key
from servanda.docket.demands import demanded, unmet
from servanda.docket.papers import Papers, made
from servanda.docket.rules import Rules
from servanda.evidence.finding import Finding, competent
from servanda.evidence.record import Record
from servanda.model.institution import Institution


@dataclass(frozen=True, slots=True)
class Ruling:
    """A finding with its cases (none: on the body's own motion), its vote and the appeals on it.

    `ballot` and `vote` are None where the body is not one that could find, or votes by rules of
    its own.
    """

    finding: Finding
    cases: tuple[Case, ...] = ()
    ballot: Ballot | None = None
    vote: Outcome | None = None
    appeals: tuple[Appeal, ...] = ()


def judged(papers: Papers, rules: Rules, found: Mapping[Key, Case]) -> tuple[Ruling, ...]:
    """All findings of a view, in the order of their time, each with its standing."""
    return tuple(judge(record, papers, rules, found) for record in papers.findings)


def judge(record: Record, papers: Papers, rules: Rules, found: Mapping[Key, Case]) -> Ruling:
    """Whether a finding stands, as of the instant of the rules."""
    body, norm = record.word("body") or "", record.word("norm") or ""
    institution = competent(norm, rules.institutions)
    why = _no_word_in_it(record, body, norm, institution, rules)
    if why or institution is None:
        return Ruling(_finding(record, record.words("about"), made(record), (why,)))
    named = [found[body, one] for one in record.words("about") if (body, one) in found]
    reasons = [*_procedure(record, institution, named, rules)]
    cast = vote = None
    since = made(record)
    if not institution.own_rules:
        cast = ballot(record, institution, papers, rules)
        vote = outcome(cast, institution, rules)
        reasons += vote.why_not
        since = max(since, vote.at)
    against = appeals(record, institution, since, papers, rules)
    reasons += effects(against, institution)
    finding = _finding(record, _about(record, named), since, tuple(reasons))
    return Ruling(finding, tuple(named), cast, vote, against)


def _finding(record: Record, about: tuple[str, ...], at: int, why: tuple[str, ...]) -> Finding:
    return Finding(
        record,
        record.word("body") or "",
        record.word("norm") or "",
        record.word("result") or "",
        record.word("against"),
        about,
        at,
        why,
    )


def _about(record: Record, named: list[Case]) -> tuple[str, ...]:
    """The records that a finding is about: those it names, else those of the complaint it names."""
    complaints = {case.complaint.id for case in named}
    others = tuple(one for one in record.words("about") if one not in complaints)
    return others or tuple(one for case in named for one in case.complaint.words("about"))


def _no_word_in_it(
    record: Record, body: str, norm: str, institution: Institution | None, rules: Rules
) -> str:
    """Why what was said is no finding of a competent body; empty where it is one."""
    if institution is None:
        return f"no body is competent to find on {norm}"
    if institution.id != body:
        return f"{institution.id}, not {body}, is competent to find on {norm}"
    if not rules.speakers.speaks_for(record.speaker, body):
        return f"it is reported by {record.speaker}, not by {body} itself"
    if institution.established_by is not None and not institution.own_rules:
        since = rules.established.get(body)
        if since is None or since > made(record):
            return f"{body} was not established when it was made"
    return ""


def _procedure(
    record: Record, body: Institution, named: list[Case], rules: Rules
) -> tuple[str, ...]:
    breach = record.word("result") == "breach"
    asked = demanded(body)
    if breach and body.procedure.severity is not None:
        asked = (*asked, "facts with a severity")
    if asked and not named:
        return (f"it names no complaint in `about`, and the text demands {_listed(asked)}",)
    reasons: list[str] = []
    for case in named:
        reasons += _other_matter(record, case)
        reasons += unmet(case, rules, made(record), breach)
    return tuple(dict.fromkeys(reasons))


def _other_matter(record: Record, case: Case) -> list[str]:
    """Whether the complaint that a finding names is on the same norm and against the same party."""
    norm, against = record.word("norm") or "", record.word("against")
    found = []
    if case.norm.partition("[")[0] != norm.partition("[")[0]:
        found.append(f"the complaint {case.complaint.id} is on {case.norm}, not on {norm}")
    if against is not None and against != case.respondent:
        found.append(
            f"the complaint {case.complaint.id} is against {case.respondent}, not {against}"
        )
    return found


def _listed(words: tuple[str, ...]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
