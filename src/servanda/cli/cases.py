"""`servanda cases`: what each body has before it, where each case stands, and what comes next."""

import sys
from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

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

NOTE = "Servanda makes assessments; only a body makes findings."
MARKS = {"yes": "●", "no": "○", "depends": "◐"}


def add(commands: Any) -> None:
    from servanda.docket.shown import AUDIENCES

    parser = command(commands, "cases", "show the cases before each body, and what is next", run)
    agreement(parser)
    choices(parser)
    output(parser, "ics")
    parser.add_argument("--body", metavar="BODY", help="the cases before this body alone")
    parser.add_argument(
        "--for",
        dest="audience",
        choices=AUDIENCES,
        default=AUDIENCES[-1],
        help="withhold what is not for them (default: confidential, which sees all)",
    )


def run(options: Any) -> int:
    from servanda.library import InputError
    from servanda.report.case_calendar import calendar
    from servanda.report.cases import docket

    _, asked, refused = question(options)
    bodies = asked.agreement.institutions
    if options.body is not None and options.body not in bodies:
        known = ", ".join(bodies) or "none"
        raise InputError(f"--body {options.body}: there is no such institution; there are {known}.")
    told = docket(asked, options.audience)
    if options.body is not None:
        for part in ("cases", "own_motion", "no_case"):
            told[part] = [row for row in told[part] if row["body"] == options.body]
    warn_refused(refused)
    if options.format == "ics":
        sys.stdout.buffer.write(calendar(told, asked.zone))
    elif options.format == "json":
        print(as_json(told))
    else:
        text.say(render(told, asked.zone))
    return 0


def render(told: Mapping[str, Any], zone: ZoneInfo) -> Iterator[str]:
    """The docket as text of 80 columns."""
    known = f", as known at {told['known_at']}" if told["known_at"] else ""
    yield text.bold(f"Cases under {told['agreement']}")
    yield text.wrap(f"As of {told['as_of']}{known}. {NOTE}")
    if not told["cases"] and not told["own_motion"]:
        yield ""
        yield "  no complaint and no finding is on record"
    for case in told["cases"]:
        yield ""
        yield from _case(case, zone)
    if told["own_motion"]:
        yield ""
        yield text.bold("findings that name no complaint")
        for ruling in told["own_motion"]:
            yield from _ruling(ruling)
    if told["no_case"] or told["withdrawn"]:
        yield ""
        yield text.bold("complaints that are no cases")
        for stray in told["no_case"]:
            yield text.item(
                f"{stray['complaint']} to {stray['body'] or 'nobody named'}: {stray['why']}", 2
            )
        for identity in told["withdrawn"]:
            yield text.item(f"{identity}: taken back", 2)


def _case(case: Mapping[str, Any], zone: ZoneInfo) -> Iterator[str]:
    if case["withheld"]:
        yield text.bold(case["number"]) + f"  {case['status']}; not for this audience"
        return
    yield text.bold(case["number"]) + f"  {case['status']}"
    referred = f"; referred by {case['referred_from']}" if case["referred_from"] else ""
    sent = f"; referred to {case['referred_to']}" if case["referred_to"] else ""
    yield text.wrap(
        f"{case['complainant']} about {case['respondent']}, on {case['norm']} "
        f"({case['complaint']}, {_when(case['opened'], zone)}{referred}{sent})",
        2,
        2,
    )
    for step in case["steps"]:
        if step["demanded"] or step["at"]:
            yield text.item(_step(step, zone), 2, "✓" if step["at"] else "·")
    for exhibit in case["evidence"]:
        yield text.item(_exhibit(exhibit, zone), 2, "▪")
    for facts in case["facts"]:
        yield text.item(_facts(facts), 2, "▪")
    for ruling in case["findings"]:
        yield from _ruling(ruling)
    for point in case["action_points"]:
        by = f" by {point['due']}" if point["due"] else ""
        holder, task = point["holder"] or "nobody named", point["task"] or "nothing said"
        yield text.item(f"asked of {holder}{by}: {task}", 2, "▪")
    if case["minutes"]:
        yield text.item(f"minutes: {', '.join(case['minutes'])}", 2, "▪")
    for line in case["not_counted"]:
        yield text.item(f"not counted: {line}", 2, "-")
    coming = case["next"]
    if coming is not None:
        due = f", too late from {coming['due']}" if coming["due"] else ""
        yield text.item(f"next: {', '.join(coming['who'])}: {coming['step']}{due}", 2, "▸")
    if case["lacking"]:
        yield "  before a finding can stand:"
        for line in case["lacking"]:
            yield text.item(line, 4)


def _when(instant: str, zone: ZoneInfo) -> str:
    """An instant in short; the last one of a day, which stands for a record of that day, as day."""
    from servanda.evidence.instant import day_of, day_period, parse_period

    at = parse_period(instant, zone).last
    day = day_of(at, zone)
    return day.isoformat() if day_period(day, zone).last == at else text.moment(instant)


def _step(step: Mapping[str, Any], zone: ZoneInfo) -> str:
    done = f"{step['step']} {_when(step['at'], zone)}" if step["at"] else f"not yet {step['step']}"
    record = f" ({step['record']})" if step["record"] else ""
    due = f", too late from {step['due']}" if step["due"] else ""
    return f"{done}{record}{due}{', late' if step['late'] else ''}"


def _exhibit(exhibit: Mapping[str, Any], zone: ZoneInfo) -> str:
    head = f"exhibit {exhibit['exhibit']} of {exhibit['by'] or 'nobody named'}"
    if exhibit.get("missing"):
        return f"{head}: {exhibit['record']}, which is no record here"
    if exhibit["withheld"]:
        return f"{head}: {exhibit['type']}, withheld ({exhibit['handling']})"
    return (
        f"{head}: {exhibit['record']}, {exhibit['type']} {_when(exhibit['at'], zone)}, says "
        f"{exhibit['source']} ({exhibit['handling']})"
    )


def _facts(facts: Mapping[str, Any]) -> str:
    words = [f"occurrence {(facts['occurrence'] or 'not said').replace('_', ' ')}"]
    if facts["attributed_to"]:
        words.append(f"attributed to {facts['attributed_to']}")
    if facts["responsible"]:
        words.append(f"responsible {', '.join(facts['responsible'])}")
    if facts["severity"]:
        words.append(f"severity {facts['severity']}")
    return f"facts ({facts['record']}): {'; '.join(words)}{_dissent(facts)}"


def _dissent(row: Mapping[str, Any]) -> str:
    named = ", ".join(one["by"] or "nobody named" for one in row["dissents"])
    return f"; dissent of {named}" if named else ""


def _ruling(ruling: Mapping[str, Any]) -> Iterator[str]:
    against = f" against {ruling['against']}" if ruling["against"] else ""
    result = ruling["result"].replace("_", " ")
    stands = {"yes": "stands", "no": "does not stand", "depends": "stands under some readings"}
    head = f"{ruling['id']}: {result}{against}, on {ruling['norm']}: {stands[ruling['stands']]}"
    since = f" since {ruling['since']}" if ruling["since"] and ruling["stands"] == "yes" else ""
    yield text.item(f"{head}{since}{_dissent(ruling)}", 2, MARKS[ruling["stands"]])
    for why in ruling["why_not"]:
        yield text.item(why, 6)
    if vote := ruling.get("vote"):
        yield text.item(_vote(vote), 6)
    for appeal in ruling["appeals"]:
        yield text.item(_appeal(appeal), 6)


def _vote(vote: Mapping[str, Any]) -> str:
    rule = vote["rule"] or "the text gives no rule"
    numbers = []
    if vote["in_favour"] is not None:
        numbers = [f"{vote['in_favour']} for", f"{vote['against']} against"]
        numbers += [f"{vote['abstained']} abstained"] if vote["abstained"] else []
    named = [f"{by} {how.replace('_', ' ')}" for by, how in vote["votes"].items()]
    until = f"too late to object from {vote['silence_until']}" if vote["silence_until"] else ""
    told = "; ".join(part for part in (", ".join(numbers), ", ".join(named), until) if part)
    return f"vote ({rule}): {told or 'nothing is recorded'}"


def _appeal(appeal: Mapping[str, Any]) -> str:
    if appeal["state"] == "decided":
        how = appeal["result"].replace("_", " the ")
        return f"appeal of {appeal['by']} ({appeal['record']}): {how} ({appeal['decision']})"
    why = f": {appeal['why']}" if appeal["why"] else ""
    return f"appeal of {appeal['by']} ({appeal['record']}): {appeal['state']}{why}"
