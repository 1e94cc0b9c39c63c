"""Strategies that make agreements of the model: every declaration, clause and form of condition.

The names are fixed, so that what refers to them is valid; which declarations, clauses and forms
there are is drawn.  Values are in canonical form (durations in the plural, norms under provisions
in the order of the text), as the reader makes them.
"""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st

from servanda.language.load import standard_records
from servanda.model import condition as c
from servanda.model.actor import Actor, ActorKind
from servanda.model.agreement import (
    Agreement,
    Bracket,
    DraftStatus,
    Header,
    MonthEnd,
    Provision,
    Statement,
)
from servanda.model.consequence import Consequence, Cure, Step, Target
from servanda.model.definition import Define, State
from servanda.model.descent import Descent, Drop
from servanda.model.fund import Commitment, Fund, Measure, Tally
from servanda.model.institution import Institution, VoteBase, VoteKind, VoteRule
from servanda.model.norm import (
    Bearers,
    By,
    Citation,
    ClockStop,
    CountedFrom,
    ForEach,
    Lapse,
    NamedList,
    Norm,
    NormKind,
    Open,
    Reservation,
    Start,
    Strength,
    Within,
)
from servanda.model.place import Place, Zone
from servanda.model.procedure import Procedure
from servanda.model.quantity import Comparison, Duration, Quantity, Window
from servanda.model.record_type import ArgKind, ArgType, Ending, RecordType
from servanda.model.term import CountsAs, Reading, Term
from servanda.model.translation import Translation
from servanda.model.unspecified import Unspecified

ACTORS = ("A", "B", "G", "Board")
PLACES = ("Mill", "Strip")
OPEN = Unspecified()
# Norm ids that conditions may ask about; every generated agreement has them, of these kinds.
FIRST, GUARANTEE = "p1.first", "p1.guarantee"

# Letters of several scripts, and all signs that mean something to the language.
texts = st.text('ab яїé漢"\\#:,{}()[]*_-`|', min_size=1, max_size=8).map(str.strip).filter(bool)
maybe_text = st.none() | texts
translations = st.lists(
    st.builds(
        Translation,
        st.sampled_from(("uk", "ru", "fra")),
        texts,
        st.sampled_from((None, True, False)),
    ),
    max_size=2,
    unique_by=lambda one: one.language,
).map(tuple)
clauses = st.sampled_from((("p1",), ("p1.first", "p4")))
descents = st.lists(st.builds(Descent, st.just("draft-1"), clauses), max_size=2).map(tuple)
days = st.dates(date(1900, 1, 1), date(2100, 1, 1))
amounts = st.decimals(Decimal(-9999), Decimal(9999), places=2).map(lambda d: d.normalize() + 0) | (
    st.integers(0, 10**9).map(Decimal)
)
numbers = amounts.map(lambda d: Decimal(format(d, "f")))
metric = st.builds(
    Duration,
    st.integers(1, 500),
    st.sampled_from(("microseconds", "seconds", "minutes", "hours", "days", "weeks")),
)
durations = metric | st.builds(Duration, st.integers(1, 50), st.sampled_from(("months", "years")))
quantities = st.builds(Quantity, numbers, st.none() | st.just("people"))
comparisons = st.sampled_from(Comparison)
or_open = st.just(OPEN)


@st.composite
def windows(draw: st.DrawFn) -> Window:
    low = draw(metric)
    high = draw(st.none() | st.integers(0, 500).map(lambda n: Duration(n + low.amount, low.unit)))
    upper_open = high is not None and draw(st.booleans()) and high != low
    lower_open = draw(st.booleans()) and high != low
    return Window(low, high, lower_open, upper_open)


# --- values -------------------------------------------------------------------------------------

named_actors = st.sampled_from(ACTORS[:3]).map(c.Name)


@cache
def actors(variables: tuple[str, ...] = ()) -> st.SearchStrategy[c.Value]:
    """What can stand where an actor is named."""
    simple: st.SearchStrategy[Any] = named_actors
    if variables:
        simple |= st.sampled_from(variables).map(c.Var)
    several = st.lists(simple, min_size=1, max_size=3, unique=True).map(
        lambda found: c.SetOf(tuple(found))
    )
    return simple | several | st.just(c.MembersOf("G")) | st.just(c.TermValue("who"))


places = st.sampled_from(PLACES).map(c.Name)


# --- conditions ---------------------------------------------------------------------------------


@cache
def attacks(variables: tuple[str, ...]) -> st.SearchStrategy[c.Pattern]:
    """Patterns of one record type with arguments of several kinds, in a place or near it."""
    actor = actors(variables)
    options = {
        "by": actor,
        "on": actor,
        "weapon": st.sampled_from(("missile", "drone", "other")).map(c.Name),
    }
    args = st.fixed_dictionaries({}, optional=options).map(
        lambda found: tuple(c.Arg(name, value) for name, value in found.items())
    )
    near = st.builds(Quantity, st.integers(1, 90).map(Decimal), st.just("km"))
    where = st.none() | st.builds(c.PlaceFilter, places, st.none() | near)
    return st.builds(c.Pattern, st.just("attack"), args, where, st.booleans())


@cache
def leaves(variables: tuple[str, ...]) -> st.SearchStrategy[Any]:
    actor = actors(variables)
    state = st.sampled_from(("active", "fulfilled", "breached", "suspended", "terminated"))
    key = st.tuples() | st.tuples(actor)
    enters = st.builds(
        lambda compare, number: c.Pattern(
            "enters", (c.Arg("people", c.Bound(compare, Quantity(number))),)
        ),
        comparisons,
        numbers,
    )
    found = [
        attacks(variables),
        enters,
        st.builds(c.StateOf, st.just(FIRST), key, state),
        st.builds(
            c.StateOf, st.just(GUARANTEE), st.just(()), st.sampled_from(("invoked", "lapsed"))
        ),
        st.builds(c.KeptFor, st.just(FIRST), key, metric),
        st.builds(c.Reads, st.just("who"), st.sampled_from(("one", "many"))),
        st.just(c.TermHolds("start")),
        st.builds(c.Call, st.just("shelled"), st.tuples(actor, actor)),
        st.builds(c.Call, st.just("calm"), st.just(())),
        st.builds(c.Call, st.just("inside"), st.tuples(actor)),
        st.just(c.InForce()),
        st.builds(
            c.Consent,
            actor,
            st.just(("signs",)) | st.just(("signs", "ratifies")),
            st.just(()) | st.just(("withdraws_consent",)),
            st.just(()) | st.just(("full_powers",)),
        ),
        days.map(c.FromInstant),
        st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)).map(
            lambda at: c.FromInstant(at.replace(tzinfo=UTC))
        ),
        st.builds(
            c.Measured,
            st.just(c.Name("guards")) | st.just(c.TermValue("counted")),
            actor,
            comparisons,
            quantities,
        ),
        st.builds(
            c.Outstanding,
            st.just("detainees"),
            actor,
            st.sampled_from(("remains", "missing")).map(c.Name),
            comparisons,
            st.builds(Quantity, numbers),
        ),
    ]
    if variables:
        variable = st.sampled_from(variables).map(c.Var)
        found.append(st.builds(c.Same, variable, actor))
    return st.one_of(found)


@cache
def conditions(variables: tuple[str, ...] = ()) -> st.SearchStrategy[Any]:
    """Conditions over the given variables."""

    def compound(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        several = st.lists(inner, min_size=2, max_size=3).map(tuple)
        window = st.none() | windows()
        bound = ("u",)
        return st.one_of(
            st.builds(c.Not, inner),
            several.map(c.And),
            several.map(c.Or),
            st.builds(
                c.Temporal,
                st.sampled_from(
                    ("once", "historically", "eventually", "always", "previous", "next")
                ),
                window,
                inner,
            ),
            st.builds(c.Dyadic, st.sampled_from(("since", "until")), window, inner, inner),
            st.builds(c.Lasting, metric, inner),
            st.builds(c.After, durations, inner),
            st.builds(c.Some, st.just(bound), attacks((*variables, *bound))),
            st.builds(c.Every, st.just("u"), actors(variables), attacks((*variables, *bound))),
            st.builds(
                c.Aggregate,
                st.just("count"),
                st.none(),
                inner,
                st.none() | metric,
                comparisons,
                st.builds(Quantity, numbers),
            ),
            st.builds(
                c.Aggregate,
                st.sampled_from(("sum", "min", "max", "average")),
                st.just("amount"),
                st.just(c.Pattern("pays", (c.Arg("currency", c.Name("EUR")),))),
                st.none() | metric,
                comparisons,
                st.builds(Quantity, numbers, st.none() | st.just("EUR")),
            ),
        )

    return st.recursive(leaves(variables), compound, max_leaves=3)


# --- norms --------------------------------------------------------------------------------------

deciders = st.none() | st.just("Board") | or_open
targets = st.builds(Target, st.just(FIRST), st.tuples() | st.tuples(named_actors))


@cache
def consequences(variables: tuple[str, ...], *, in_step: bool) -> st.SearchStrategy[Consequence]:
    verbs = st.sampled_from(("suspends", "terminates"))
    most = st.none() | metric
    if in_step:
        return st.builds(Consequence, verbs, targets, only_fulfilled=st.booleans(), at_most=most)
    return st.builds(
        Consequence,
        verbs,
        targets,
        st.none() | conditions(variables),
        st.booleans(),
        deciders,
        most,
        maybe_text,
    )


@cache
def steps(variables: tuple[str, ...]) -> st.SearchStrategy[tuple[Step, ...]]:
    follows = consequences(variables, in_step=True)
    named = st.builds(
        lambda text, after, decider, consequence: Step("warn", text, after, decider, consequence),
        maybe_text,
        metric | or_open,
        deciders,
        st.none() | follows,
    )
    otherwise = st.builds(lambda d, q: Step(decider=d, consequence=q), deciders, follows)
    return st.tuples() | st.tuples(named) | st.tuples(named, otherwise) | st.tuples(otherwise)


bearers = st.one_of(
    st.just(Bearers(())),
    st.just(Bearers((c.MembersOf("signatories"),))),
    st.builds(
        lambda names, each, other: Bearers(tuple(names), each, other),
        st.lists(named_actors, min_size=1, max_size=3, unique=True),
        st.booleans(),
        maybe_text,
    ),
)
_WITH_DUTY = {
    NormKind.ACHIEVE: None,
    NormKind.MAINTAIN: None,
    NormKind.STAGED: None,
    NormKind.PROHIBITION: None,
    NormKind.IMMUNITY: None,
    NormKind.PERMISSION: None,
    NormKind.RIGHT: None,
    NormKind.POWER: None,
    NormKind.POLITICAL: ("achieve", "maintain", "not"),
    NormKind.RULE: ("achieve", "maintain", "not", "may"),
}


@st.composite
def norms(draw: st.DrawFn, number: int) -> Norm:
    """A norm of any kind, with any of the clauses that its kind can have."""
    kind = draw(st.sampled_from(NormKind))
    subjects = draw(
        st.just(())
        | st.tuples(
            st.builds(
                ForEach,
                st.just(("subject",)),
                st.sampled_from((c.MembersOf("G"), c.SetOf((c.Name("A"), c.Name("B"))))),
                st.none() | st.just(c.Pattern("lifts_sanctions", (c.Arg("on", c.Var("subject")),))),
            )
        )
    )
    borne = draw(bearers)
    variables = ("bearer", *(v for clause in subjects for v in clause.variables))
    cond = conditions(variables)
    verbs = _WITH_DUTY.get(kind, ())
    duty = verbs != () and (kind is not NormKind.RULE or draw(st.booleans()))
    achieving = kind in (NormKind.ACHIEVE, NormKind.STAGED)
    deadlines: Any = (
        or_open | days.map(By) | st.builds(Within, durations, cond, st.sampled_from(CountedFrom))
    )
    several = st.just(()) | st.lists(cond, max_size=2).map(tuple)
    ladder = draw(steps(variables))
    # What follows when the time for a cure has passed needs a time of fixed length.
    within = metric if any(step.name is None for step in ladder) else durations
    cure = draw(st.none() | st.builds(Cure, within | or_open, st.none() | cond))
    made = Norm(
        f"p{number}.norm",
        kind,
        provision=f"p{number}",
        text=draw(maybe_text),
        bearers=borne,
        toward=draw(st.none() | named_actors),
        for_each=subjects,
        exists_when=draw(st.none() | cond),
        condition=draw(cond) if duty else None,
        verb=draw(st.sampled_from(verbs)) if duty and verbs else None,
        start=draw(st.builds(Start, cond, st.booleans())),
        deadline=draw(deadlines) if achieving else draw(st.none() | deadlines),
        grace=draw(st.none() | durations | or_open),
        every=draw(st.none() | durations | or_open),
        until=draw(st.none() | cond),
        terminated_when=draw(several),
        released_when=draw(several),
        suspended_while=draw(several),
        reopens_when=draw(several),
        clock_stops=draw(
            st.lists(st.builds(ClockStop, cond, st.none() | metric), max_size=1).map(tuple)
        ),
        cure=cure,
        steps=ladder,
        consequences=draw(st.lists(consequences(variables, in_step=False), max_size=2).map(tuple)),
        decided_by=draw(deciders),
        strength=draw(
            st.none() | st.just(Strength(None)) | st.just(Strength(c.Reads("who", "one")))
        ),
        subject_to=draw(st.sampled_from(((), (FIRST,)))),
        notwithstanding=draw(st.sampled_from(((), (FIRST,)))),
        lists=draw(
            st.sampled_from(
                ((), (NamedList("areas", OPEN),), (NamedList("areas", c.SetOf((c.Name("Mill"),))),))
            )
        ),
        open=draw(st.lists(st.builds(Open, st.just("amount"), maybe_text), max_size=1).map(tuple)),
        shown_by=draw(st.sampled_from(((), ("inspection",), ("inspection", "declaration")))),
        non_signatory=draw(st.booleans()),
        reservations=draw(
            st.lists(st.builds(Reservation, st.just("A"), texts), max_size=1).map(tuple)
        ),
        open_on_purpose=draw(maybe_text),
        notes=draw(st.lists(texts, max_size=2).map(tuple)),
        citations=draw(
            st.lists(
                st.builds(Citation, st.just("report"), st.none() | st.integers(1, 99))
                | st.just(Citation("report", 3, "0123456789abcdef")),
                max_size=1,
            ).map(tuple)
        ),
        translations=draw(translations),
        descends_from=draw(descents),
    )
    if kind is NormKind.GUARANTEE:
        made = replace(
            made,
            triggers=(draw(cond),),
            lapses=draw(st.lists(st.builds(Lapse, cond, maybe_text), max_size=2).map(tuple)),
            beneficiary=draw(st.none() | named_actors),
            decided_by=draw(st.just("Board") | or_open),
        )
    return made


# --- the other declarations -----------------------------------------------------------------------

_PARTIES = {
    "A": Actor("A", ActorKind.PARTY),
    "B": Actor("B", ActorKind.PARTY, "The second", side=True, country="FR"),
    "G": Actor("G", ActorKind.GROUP, members=("A", "B"), open=True, voice=("A",)),
    "Board": Actor("Board", ActorKind.BODY, signatory=False, note="It decides."),
}
_PLACES = {
    "Mill": Place("Mill", "A mill", Decimal("48.1"), Decimal("11.5")),
    "Strip": Place("Strip", unspecified=True, note="Nobody says where."),
}
_FIRST = Norm(
    FIRST,
    NormKind.PROHIBITION,
    "p1",
    bearers=Bearers((c.Name("A"), c.Name("B")), each=True),
    toward=c.Var("other"),
    condition=c.Pattern("attack", (c.Arg("by", c.Var("bearer")), c.Arg("on", c.Var("other")))),
    start=Start(c.InForce()),
)
_GUARANTEE = Norm(
    GUARANTEE,
    NormKind.GUARANTEE,
    "p1",
    bearers=Bearers((c.Name("A"),)),
    start=Start(c.InForce()),
    triggers=(c.Pattern("attack"),),
    decided_by=OPEN,
)

terms = st.fixed_dictionaries(
    {
        "who": st.builds(
            lambda note, owners, decider, inert: Term(
                "who",
                None,
                (
                    Reading("one", c.Name("A"), note, owners),
                    Reading("many", c.SetOf((c.Name("A"), c.Name("B")))),
                ),
                decider,
                inert=inert,
            ),
            maybe_text,
            st.sampled_from(((), ("A",), ("A", "B"))),
            deciders,
            st.booleans(),
        ),
        "start": st.builds(
            lambda title, first, later, why: Term(
                "start",
                title,
                (Reading("early", first), Reading("late", later)),
                OPEN,
                "early",
                open_on_purpose=why,
            ),
            maybe_text,
            attacks(()).filter(lambda p: p.args or p.place or p.new),
            days.map(c.FromInstant),
            maybe_text,
        ),
        "counted": st.just(
            Term("counted", None, (Reading("only", c.Name("guards")),), note="One reading.")
        ),
        "land": st.just(
            Term(
                "land",
                None,
                (Reading("as_is"), Reading("wide", CountsAs(c.SetOf((c.Name("Mill"),)), "A"))),
            )
        ),
    }
)
definitions = st.fixed_dictionaries(
    {
        "shelled": st.builds(
            lambda body, title: Define("shelled", ("x", "y"), body, title),
            attacks(("x", "y")),
            maybe_text,
        ),
        "calm": st.builds(lambda body: Define("calm", (), c.Not(body)), attacks(())),
    }
)
states = st.fixed_dictionaries(
    {
        "inside": st.builds(
            lambda begins, ends: State("inside", ("x",), begins, ends),
            attacks(("x",)),
            st.none() | attacks(("x",)),
        )
    }
)
seats = st.none() | or_open | named_actors
votes = (
    st.none()
    | or_open
    | st.builds(VoteRule, st.just(VoteKind.COUNT), st.integers(1, 5), st.integers(5, 9), seats)
    | st.builds(
        VoteRule,
        st.sampled_from((VoteKind.CONSENSUS, VoteKind.CHAIR, VoteKind.CO_CHAIRS)),
        veto=seats,
    )
    | st.builds(
        VoteRule,
        st.sampled_from((VoteKind.MAJORITY, VoteKind.TWO_THIRDS)),
        veto=seats,
        base=st.none() | or_open | st.sampled_from(VoteBase),
    )
    | st.builds(
        VoteRule, st.just(VoteKind.SILENCE), veto=seats, period=st.none() | or_open | durations
    )
)
_times = st.none() | or_open | durations
_procedures = st.builds(
    Procedure,
    seats,
    st.sampled_from((None, "Panel")),
    _times,
    _times,
    _times,
    seats,
    st.none() | or_open | st.just(("minor", "grave")),
)


def _appeal(to: Any, asked: Procedure, within: Any, suspends: bool) -> dict[str, Any]:
    """An appeal has a time and an effect only where there is one."""
    if to is not None:
        asked = replace(asked, appeal_within=within, appeal_suspends=suspends)
    return {"appeal": to, "procedure": asked}


institutions = st.builds(
    Institution,
    st.just("Board"),
    maybe_text,
    seats,
    seats,
    st.none() | or_open | st.integers(1, 9),
    votes,
    st.booleans(),
    st.none() | or_open | st.just("corroborated"),
    deciders,
    st.sampled_from(((), ("*",), (FIRST,))),
    st.sampled_from((None, FIRST)),
    st.sampled_from(((), ("who",))),
    maybe_text,
    seats,
).flatmap(
    lambda made: st.builds(_appeal, deciders, _procedures, _times, st.booleans()).map(
        lambda asked: replace(made, **asked)
    )
)
money = st.integers(0, 10**12).map(Decimal)
due_days = st.none() | or_open | days
funds = st.builds(
    Fund,
    st.just("Relief"),
    st.just("EUR"),
    maybe_text,
    st.lists(
        st.builds(Commitment, st.just("A"), money | or_open, due=due_days)
        | st.builds(
            Commitment,
            st.just("B"),
            remainder_of=st.just("guards"),
            after=st.none() | st.just("Relief"),
            due=due_days,
        ),
        max_size=2,
    ).map(tuple),
    st.none() | st.just(c.SetOf((c.Name("housing"), c.Name("power")))),
    deciders,
    st.sampled_from(((), (("A", Decimal(50)), ("B", Decimal("12.5"))))),
    deciders,
    maybe_text,
)
records = st.builds(
    lambda event, alone, many, one_of, actor: RecordType(
        "waves",
        "somebody waves",
        (
            ArgType("by", ArgKind.ACTOR),
            ArgType("flag", ArgKind.WORD, False, many, one_of),
        ),
        event,
        () if event else (Ending("repeals", (("by", "by"),)),),
        actor,
        ("by",),
        actor,
        alone=alone,
    ),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.sampled_from(((), ("white", "red"))),
    st.sampled_from((None, "by")),
)
headers = st.builds(
    Header,
    st.just("demo"),
    texts,
    st.sampled_from(("UTC", "Europe/Kyiv")),
    st.none() | days,
    st.sampled_from(DraftStatus),
    st.sampled_from(((), ("en",), ("en", "uk"))),
    st.sampled_from(((), ("en",), ("en", "uk"))),
    st.none() | conditions(),
    st.booleans(),
    st.sampled_from(MonthEnd),
    maybe_text,
)
statements = st.lists(
    st.builds(
        Statement,
        st.sampled_from(("interpretation", "side letter", "annex")),
        st.just("said"),
        st.none() | st.just("A"),
        texts,
    ),
    max_size=1,
).map(tuple)


def provisions(number: int) -> st.SearchStrategy[Provision]:
    return st.builds(
        Provision,
        st.just(f"p{number}"),
        texts,
        texts,
        translations,
        st.booleans(),
        st.lists(
            st.builds(Bracket, st.just("A"), texts, st.none() | st.just("one")), max_size=1
        ).map(tuple),
        st.lists(st.builds(Citation, st.just("report")), max_size=1).map(tuple),
        maybe_text,
        maybe_text,
        descents,
        st.lists(st.builds(Drop, st.just("draft-1"), clauses, maybe_text), max_size=2).map(tuple),
    )


@st.composite
def agreements(draw: st.DrawFn) -> Agreement:
    """A whole agreement."""
    first = [_FIRST, _GUARANTEE]
    more = [draw(norms(2))] if draw(st.booleans()) else []
    more += [draw(norms(3))]
    known = {**standard_records(), **({"waves": draw(records)} if draw(st.booleans()) else {})}
    zone = Zone("strip", "zone", "zones.geojson#strip", draw(maybe_text), draw(st.booleans()), OPEN)
    return Agreement(
        draw(headers),
        {f"p{n}": draw(provisions(n)) for n in (1, 2, 3)},
        _PARTIES,
        _PLACES,
        {"strip": zone},
        draw(terms),
        known,
        {"guards": Measure("guards", "people", draw(maybe_text))},
        {"detainees": Tally("detainees", ("remains", "missing"), draw(maybe_text))},
        {"Relief": draw(funds)},
        {"Board": draw(institutions), "Panel": Institution("Panel")},
        draw(definitions),
        draw(states),
        {n.id: n for n in (*first, *more)},
        draw(statements),
    )
