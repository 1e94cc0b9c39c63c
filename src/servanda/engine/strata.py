"""In which order the states of norms are worked out at an instant.

At one instant a state may depend on others at the same instant (a norm begins when another is
fulfilled) or on those just before (an act is judged by the states just before it).  Same-instant
dependencies must not run in a circle through a negation; a positive circle has its least solution.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from servanda.engine.priority import going_before
from servanda.engine.walk import children, named, walk
from servanda.model import condition as c
from servanda.model.agreement import Agreement
from servanda.model.norm import Norm, NormKind, Start, Within

# The states worked out at an instant, in the order in which one norm's own states need each other.
FLAGS = (
    "begun",
    "suspended",
    "expired",
    "terminated",
    "fulfilled",
    "released",
    "lapsed",
    "invoked",
    "breached",
)
# Within one norm: (needs, needed, positive).
_OWN = (
    ("fulfilled", "begun", True),
    ("fulfilled", "suspended", False),
    ("fulfilled", "expired", False),
    ("fulfilled", "terminated", False),
    ("released", "fulfilled", False),
    ("released", "begun", True),
    ("invoked", "begun", True),
    ("invoked", "lapsed", False),
    ("lapsed", "begun", True),
    ("breached", "begun", True),
    ("breached", "fulfilled", False),
    ("breached", "suspended", False),
    ("breached", "released", False),
    ("breached", "terminated", False),
)
# What a state word of a condition asks for: flags, and whether it asks for them positively.
_ASKED = {
    "inactive": (("begun", False),),
    "active": (
        ("begun", True),
        ("terminated", False),
        ("released", False),
        ("expired", False),
        ("lapsed", False),
    ),
    "suspended": (("suspended", True),),
    "fulfilled": (("fulfilled", True),),
    "breached": (("breached", True),),
    "cured": (("breached", False), ("fulfilled", True)),
    "expired": (("expired", True),),
    "terminated": (("terminated", True), ("released", True), ("lapsed", True)),
    "invoked": (("invoked", True),),
    "lapsed": (("lapsed", True),),
}

# Which clause decides a state, for messages.
CLAUSES = {
    "begun": "from",
    "suspended": "suspended while",
    "expired": "until",
    "terminated": "terminated when",
    "fulfilled": "achieve",
    "released": "released when",
    "lapsed": "lapses when",
    "invoked": "trigger",
    "breached": "maintain",
}
# The state that the condition itself decides; acts that must not or may be done decide none.
_DECIDED_BY = {"achieve": "fulfilled", "maintain": "breached"}
_WITH_THE_AGREEMENT = Start(c.InForce())

Node = tuple[str, str]
T = TypeVar("T")


class NegativeCycle(ValueError):
    """A same-instant circle through a negation; `nodes` are the states of norms on it."""

    def __init__(self, nodes: tuple[Node, ...]) -> None:
        self.nodes = nodes
        self.norms = tuple(sorted({norm for norm, _ in nodes}))
        super().__init__(
            "these commitments wait for each other's opposite at the same instant: "
            + ", ".join(self.norms)
        )


@dataclass(frozen=True)
class Strata:
    """`component` gives each norm the norms that must be worked out with it.

    `order` gives, per norm component, its groups of states in working order; a group of more than
    one state, or one that needs itself, is repeated until nothing changes.
    """

    component: Mapping[str, tuple[str, ...]]
    order: Mapping[tuple[str, ...], tuple[tuple[Node, ...], ...]]
    needs: Mapping[str, frozenset[str]]


def asked(
    cond: c.Condition, agreement: Agreement, assignment: Mapping[str, str] | None
) -> Iterator[tuple[Node, bool | None]]:
    """States that a condition asks for, with the sign; None for what was strictly before."""
    pending: list[tuple[c.Condition, bool | None]] = [(cond, True)]
    seen: set[tuple[int, bool | None]] = set()
    while pending:
        node, sign = pending.pop()
        if (id(node), sign) in seen:
            continue
        seen.add((id(node), sign))
        match node:
            case c.StateOf(norm, _, word):
                for flag, positive in _ASKED[word]:
                    yield (norm, flag), _signed(sign, positive)
            case c.KeptFor(norm):
                yield (norm, "begun"), sign
                yield (norm, "breached"), _signed(sign, False)
            case c.Call(name) if name in agreement.states:
                below = walk(node, agreement, assignment)
                pending.extend((n, sign) for n in below if isinstance(n, c.StateOf))
            case _:
                inner = sign
                if isinstance(node, c.Not):
                    inner = _signed(sign, False)
                elif isinstance(node, c.Temporal) and _strictly_past(node):
                    inner = None
                further = (one for _, found in named(node, agreement, assignment) for one in found)
                pending.extend((one, inner) for one in (*children(node), *further))


def _signed(sign: bool | None, positive: bool) -> bool | None:
    return None if sign is None else sign is positive


def _strictly_past(cond: c.Temporal) -> bool:
    if cond.op == "previous":
        return True
    past = cond.op in ("once", "historically")
    return past and cond.window is not None and cond.window.ticks[0] > 0


def start_of(norm: Norm) -> Start:
    """When a norm begins; one that does not say begins with the agreement."""
    return norm.start if norm.start is not None else _WITH_THE_AGREEMENT


def conditions(norm: Norm) -> Iterator[tuple[str, c.Condition]]:
    """The conditions of a norm with the flag that each decides; acts judged before have none."""
    yield "begun", start_of(norm).condition
    if isinstance(norm.deadline, Within):
        yield "breached", norm.deadline.of
    if norm.until is not None:
        yield "expired", norm.until
    for cond in norm.terminated_when:
        yield "terminated", cond
    for cond in norm.released_when:
        yield "released", cond
    for cond in norm.suspended_while:
        yield "suspended", cond
    for stop in norm.clock_stops:
        yield "breached", stop.condition
    for cond in norm.reopens_when:
        yield "fulfilled", cond
    for cond in norm.triggers:
        yield "invoked", cond
    for lapse in norm.lapses:
        yield "lapsed", lapse.condition
    if norm.condition is not None:
        yield _DECIDED_BY.get(norm.duty or "", ""), norm.condition
    if norm.cure is not None and norm.cure.condition is not None:
        yield "breached", norm.cure.condition


def _judged_before(norm: Norm) -> bool:
    """Whether breaches come of acts alone, which are judged by the states just before them."""
    return norm.duty == "not"


_VERB_FLAG = {"suspends": "suspended", "terminates": "released", "lapses": "lapsed"}


def can_be(norm: Norm, flag: str, verbs: Collection[str]) -> bool:
    """Whether anything can bring a state about; `verbs` are what other norms do to this one."""
    match flag:
        case "suspended":
            return bool(norm.suspended_while) or "suspends" in verbs
        case "expired":
            return norm.until is not None
        case "terminated":
            return bool(norm.terminated_when)
        case "fulfilled":
            return norm.duty == "achieve"
        case "released":
            return bool(norm.released_when) or "terminates" in verbs
        case "lapsed" | "invoked":
            return norm.kind is NormKind.GUARANTEE
        case _:
            return True


def verbs_on(agreement: Agreement) -> Mapping[str, frozenset[str]]:
    """What the consequences of norms do to each norm."""
    found: dict[str, set[str]] = {norm: set() for norm in agreement.norms}
    for norm in agreement.norms.values():
        for effect in norm.effects:
            found.setdefault(effect.target.norm, set()).add(effect.verb)
    return {norm: frozenset(verbs) for norm, verbs in found.items()}


def edges(
    agreement: Agreement, assignment: Mapping[str, str] | None = None
) -> Iterator[tuple[Node, Node, bool | None]]:
    """(needs, needed, sign) among states that can come about; see `_edges`."""
    verbs = verbs_on(agreement)
    for needs, needed, sign in _edges(agreement, assignment):
        norm = agreement.norms.get(needed[0])
        if norm is None or can_be(norm, needed[1], verbs[norm.id]):
            yield needs, needed, sign


def _edges(
    agreement: Agreement, assignment: Mapping[str, str] | None
) -> Iterator[tuple[Node, Node, bool | None]]:
    """(needs, needed, sign); the sign is None where the state just before is meant."""
    for norm in agreement.norms.values():
        for needs, needed, positive in _OWN:
            if needs != "breached" or not _judged_before(norm):
                yield (norm.id, needs), (norm.id, needed), positive
        for flag, cond in conditions(norm):
            for node, sign in asked(cond, agreement, assignment):
                yield (norm.id, flag or "breached"), node, sign if flag else None
        for before in going_before(norm, agreement):
            yield (norm.id, "breached"), (before.id, "begun"), None
        for effect in norm.effects:
            target = (effect.target.norm, _VERB_FLAG[effect.verb])
            yield target, (norm.id, "begun"), True
            if effect.only_fulfilled:
                yield target, (effect.target.norm, "fulfilled"), True
            if effect.condition is not None:
                for node, sign in asked(effect.condition, agreement, assignment):
                    yield target, node, sign


def strata(agreement: Agreement, assignment: Mapping[str, str] | None = None) -> Strata:
    """Work out the order; raises NegativeCycle where there is none."""
    norm_graph: dict[str, set[str]] = {norm: set() for norm in agreement.norms}
    graph: dict[Node, set[Node]] = {(n, f): set() for n in agreement.norms for f in FLAGS}
    negative: set[tuple[Node, Node]] = set()
    verbs = verbs_on(agreement)
    for needs, needed, sign in _edges(agreement, assignment):
        if needed[0] not in norm_graph or needs[0] not in norm_graph:
            continue
        norm_graph[needs[0]].add(needed[0])  # asked for, be it that it cannot come about
        if sign is None or not can_be(agreement.norms[needed[0]], needed[1], verbs[needed[0]]):
            continue
        graph[needs].add(needed)
        if not sign:
            negative.add((needs, needed))
    groups = tuple(components(graph))
    place = {node: i for i, group in enumerate(groups) for node in group}
    circles = [place[a] for a, b in negative if place[a] == place[b]]
    if circles:
        raise NegativeCycle(tuple(sorted(groups[min(circles)])))
    position = {norm: i for i, norm in enumerate(agreement.norms)}
    component: dict[str, tuple[str, ...]] = {}
    for found in components(norm_graph):
        together = tuple(sorted(found, key=position.__getitem__))
        component.update((norm, together) for norm in together)
    order: dict[tuple[str, ...], list[tuple[Node, ...]]] = {c_: [] for c_ in component.values()}
    for group in groups:
        order[component[group[0][0]]].append(tuple(group))
    return Strata(
        component,
        {key: tuple(value) for key, value in order.items()},
        {norm: frozenset(needed) for norm, needed in norm_graph.items()},
    )


def components(graph: Mapping[T, Iterable[T]]) -> Iterator[list[T]]:
    """Strongly connected components, each after all that it needs (Tarjan, without recursion)."""
    index: dict[T, int] = {}
    low: dict[T, int] = {}
    stack: list[T] = []
    on_stack: set[T] = set()
    for root in graph:
        if root in index:
            continue
        work: list[tuple[T, Iterator[T]]] = [(root, iter(sorted(graph[root], key=repr)))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, following = work[-1]
            for other in following:
                if other not in index:
                    index[other] = low[other] = len(index)
                    stack.append(other)
                    on_stack.add(other)
                    work.append((other, iter(sorted(graph[other], key=repr))))
                    break
                if other in on_stack:
                    low[node] = min(low[node], index[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    group = []
                    while True:
                        member = stack.pop()
                        on_stack.discard(member)
                        group.append(member)
                        if member == node:
                            break
                    yield group
