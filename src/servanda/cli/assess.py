"""`servanda assess`: the state of every commitment, under which readings, on which records."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from servanda.cli import text
from servanda.cli.options import (
    agreement,
    as_json,
    choices,
    command,
    output,
    question,
    warn_refused,
)
from servanda.report.readings import concise

# As many instances are named where all say the same.
MANY = 6
# As many breaches of a commitment are shown; the JSON has all.
SHOWN = 5
NOTE = "Servanda makes assessments; only a body makes findings."


def add(commands: Any) -> None:
    parser = command(commands, "assess", "assess an agreement on records", run)
    agreement(parser)
    choices(parser)
    output(parser)
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="ID",
        help="this provision or commitment alone; may be repeated",
    )
    parser.add_argument(
        "--fail-on",
        choices=("breach", "depends", "refused"),
        help="exit with 1 when there is one",
    )


def run(options: Any) -> int:
    from servanda.asking import refused_rows
    from servanda.cli.progress import working
    from servanda.engine.assess import assess_question

    _, asked, refused = question(options)
    with working("assessing under all readings and standards"):
        result = assess_question(asked, refused_rows(refused))
    warn_refused(refused)
    if options.format == "json":
        print(as_json(result))
    else:
        text.say(render(result))
    return int(_met(result, options.fail_on))


def _met(result: Mapping[str, Any], named: str | None) -> bool:
    match named:
        case "breach":
            return any(n["breaches"] for n in result["norms"])
        case "depends":
            return any(n["state"] == "depends" for n in result["norms"])
        case "refused":
            return bool(result["refused"])
        case _:
            return False


def render(result: Mapping[str, Any]) -> Iterator[str]:
    """The assessment as text of 80 columns."""
    yield text.bold(result["agreement"]["title"])
    yield text.wrap(view_sentence(result))
    yield text.wrap(NOTE)
    if result["unknown_sources"]:
        named = ", ".join(result["unknown_sources"])
        yield text.wrap(f"Not on the list of sources, taken as third parties: {named}.")
    norms = {n["id"]: n for n in result["norms"]}
    shown: set[str] = set()
    for provision in result["provisions"]:
        if not provision["norms"]:
            continue
        yield ""
        yield text.bold(f"{provision['id']}  {provision['title']}")
        if provision["implementation"]:
            value = provision["implementation"]["level"]
            yield f"  implementation {value} of 3 (PAM-style, not PAM data)"
        shown.update(provision["norms"])
        yield from _together([norms[identity] for identity in provision["norms"]])
    rest = [n for i, n in norms.items() if i not in shown]
    if rest:
        yield ""
        yield from _together(rest)
    yield from _effects(result)
    yield from _measures(result)
    yield from _evidence(result)


def view_sentence(result: Mapping[str, Any]) -> str:
    """What the assessment is made on, as prose."""
    readings = ", ".join(f"{t} = {r}" for t, r in result["readings"].items()) or "none fixed"
    known = f", as known at {result['known_at']}" if result["known_at"] else ""
    assumed = f" Assumed: {'; '.join(result['assumptions'])}." if result["assumptions"] else ""
    merges = [f"{', '.join(m['records'])} (by {m['author']})" for m in result.get("merges", ())]
    merged = f" Merged as one occurrence: {'; '.join(merges)}." if merges else ""
    return (
        f"Status of the draft: {result['agreement']['status']}. "
        f"State as of {result['as_of']}{known}; "
        f"evidence standard {text.standard(result['standard'])}; "
        f"readings: {readings}.{assumed}{merged}"
    )


def _together(norms: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Instances of one commitment that say the same stand on one line."""
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for norm in norms:
        said = {k: v for k, v in norm.items() if k not in ("id", "bearer")}
        groups.setdefault((norm["id"].partition("[")[0], repr(said)), []).append(norm)
    for (base, _), group in groups.items():
        if len(group) == 1:
            yield from norm_lines(group[0])
        else:
            keys = [n["id"].removeprefix(base)[1:-1] for n in group]
            more = f" and {len(keys) - MANY} more" if len(keys) > MANY else ""
            named = f"{base}[{' | '.join(keys[:MANY])}]{more}"
            yield from norm_lines({**group[0], "id": named})


def norm_lines(norm: Mapping[str, Any]) -> Iterator[str]:
    facts = []
    if norm["since"]:
        facts.append(f"since {text.moment(norm['since'])}")
    if norm["due"]:
        facts.append(f"too late from {norm['due']}")
    if norm.get("overdue"):
        facts.append("overdue, no finding")
    if norm.get("late"):
        facts.append("late")
    if norm.get("contested"):
        facts.append("contested between standards")
    if norm.get("day_precision"):
        facts.append("would change with the hour of a record dated by day")
    if norm.get("observed"):
        facts.append(norm["observed"] + _share(norm))
    elif watched := _watched(norm):
        facts.append(watched)
    if norm["open"]:
        facts.append(f"left open: {', '.join(norm['open'])}")
    told = f" ({'; '.join(facts)})" if facts else ""
    yield text.item(f"{norm['id']}{told}", 2, text.state(norm["state"]))
    rows = norm.get("by_reading", ())
    readings = {t: list(states) for t, states in norm["depends_on"]["readings"].items()}
    for (state, due), combinations in _by_outcome(rows).items():
        late = f", too late from {due}" if due else ""
        told = "; or ".join(concise(combinations, readings))
        yield text.item(f"under {told}{late}", 6, text.state(state))
    yield from _breaches(norm["breaches"], readings)


def _by_outcome(
    rows: Iterable[Mapping[str, Any]],
) -> dict[tuple[str, str | None], list[Mapping[str, str]]]:
    found: dict[tuple[str, str | None], list[Mapping[str, str]]] = {}
    for row in rows:
        found.setdefault((row["state"], row["due"]), []).append(row["readings"])
    return found


def _share(norm: Mapping[str, Any]) -> str:
    coverage = norm.get("coverage")
    if not coverage or norm["observed"] == "not monitored":
        return ""
    time, area = coverage["time_share"], coverage["area_share"]
    return f" in the {time:.0%} of the time and {area:.0%} of the area that was covered"


def _watched(norm: Mapping[str, Any]) -> str:
    """What was watched, for what is owed; of what is forbidden the observation tells it."""
    owed = norm["kind"] in ("achieve", "maintain", "staged")
    coverage = norm.get("coverage") if owed else None
    if not coverage:
        return ""
    time, area = coverage["time_share"], coverage["area_share"]
    return f"watched for {time:.0%} of the time, {area:.0%} of the area" if time and area else ""


def _breaches(
    breaches: list[Mapping[str, Any]], readings: Mapping[str, list[str]]
) -> Iterator[str]:
    for breach in breaches[:SHOWN]:
        records = f", records {', '.join(breach['records'][:4])}" if breach["records"] else ""
        disputed = ", disputed" if breach.get("disputed") else ""
        under = _under(breach.get("readings"), readings)
        yield text.item(
            f"{breach['at']} by {', '.join(breach['by'])}: {breach['basis']}"
            f"{disputed}{records}{under}",
            6,
            "◆",
        )
    if len(breaches) > SHOWN:
        yield f"      … and {len(breaches) - SHOWN} more entries (all are in --format json)"


def _under(given: list[Mapping[str, str]] | None, readings: Mapping[str, list[str]]) -> str:
    return f" — only under {'; or '.join(concise(given, readings))}" if given else ""


def _effects(result: Mapping[str, Any]) -> Iterator[str]:
    for effect in result["effects"]:
        yield ""
        yield text.bold(f"effect of {effect['id']}") + f"  {text.state(effect['state'])}"
        for name in ("trigger", "forfeiture"):
            part = effect[name]
            if part["state"] != "none":
                via = f" via {part['via']}" if part.get("via") else ""
                records = ", ".join(part["records"])
                since = part["since"] or "an instant that depends on the reading"
                yield text.item(f"{name} {part['state']}{via} since {since} ({records})", 2)
        if effect["would_follow"]:
            yield text.item(
                "the text names no decider; would follow: " + ", ".join(effect["would_follow"]), 2
            )


def _measures(result: Mapping[str, Any]) -> Iterator[str]:
    rows = [
        (
            m["name"],
            m["of"],
            f"{m['value']:,}",
            f"limit {m['limit']:,} {m['unit'] or ''}",
            f"margin {m['margin']:,} ({text.moment(m['at'])})",
        )
        for m in result["measures"]
    ]
    if rows:
        yield ""
        yield text.bold("measures")
        yield text.table(rows)


def _findings(found: list[Mapping[str, Any]]) -> Iterator[str]:
    """Findings that do not stand, with the reason; the others are seen at the commitments."""
    failing = [f for f in found if f["stands"] != "yes"]
    if not failing:
        return
    yield ""
    yield text.bold("findings that do not stand")
    for one in failing:
        told = "; ".join(one["why_not"])
        depends = " under some readings" if one["stands"] != "no" else ""
        yield text.item(f"{one['id']} by {one['body']} on {one['norm']}{depends}: {told}", 2)


def _evidence(result: Mapping[str, Any]) -> Iterator[str]:
    if result["claims"]:
        yield ""
        yield text.bold("claimed totals") + " (claims, never added to located occurrences)"
        for claim in result["claims"]:
            yield text.item(
                f"{claim['by']} about {claim['against']}, {claim['period']}: {claim['count']:,} "
                f"({claim['about']})",
                2,
            )
    if result["unattributed"]:
        yield ""
        yield text.wrap(
            f"Unattributed, breaching nobody's commitment: {len(result['unattributed'])} records."
        )
    yield from _findings(result.get("findings", []))
    if result["undetermined"]:
        yield text.wrap(
            f"Placed in an uncertainty band, undetermined: {', '.join(result['undetermined'])}."
        )
    if result["refused"]:
        rows = text.number(len(result["refused"]), "row")
        yield text.wrap(f"Not used: {rows} (see standard error).")
