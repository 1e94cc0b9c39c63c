"""Space: lines and zones without a date or a course, contradictory uses, impossible distances.

Distances are those of the engine's own map; within an uncertainty band nothing is claimed.
"""

from collections.abc import Iterator

from servanda.checks.frame.context import Context, missing, on
from servanda.checks.frame.warning import IN_THE_TEXT, AuditWarning, Clause, Code, Option, Severity
from servanda.checks.frame.words import binding, nodes_of, patterns_of, spoken
from servanda.engine.instances import Instance
from servanda.engine.priority import going_before
from servanda.engine.walk import walk
from servanda.model import condition as c
from servanda.model.norm import Norm, NormKind
from servanda.model.place import Zone
from servanda.model.quantity import Quantity
from servanda.reason.ground import Ground
from servanda.reason.replay import Claim, Story

ORDER = 14
TITLE = "Space"
CODES = {
    "SA1401": Code(Severity.GAP, "a line or zone without a date"),
    "SA1402": Code(Severity.RISK, "a line or zone that is only a sketch"),
    "SA1403": Code(Severity.BREAKS, "allowed to one norm and forbidden by another"),
    "SA1404": Code(Severity.BREAKS, "a distance that cannot be kept"),
    "SA1405": Code(Severity.GAP, "a zone without geometry"),
}
_ALLOWING = (NormKind.PERMISSION, NormKind.RIGHT, NormKind.POWER)


def check(context: Context) -> Iterator[AuditWarning]:
    for zone in context.agreement.zones.values():
        yield from _drawn(context, zone)
    if context.sound:
        yield from _contradictory(context)
        yield from _distances(context)


def _drawn(context: Context, zone: Zone) -> Iterator[AuditWarning]:
    users = [n for n in context.norms if zone.id in _areas(context, n)]
    clauses = (Clause(zone.id, zone.span), *(context.clause(n) for n in users))
    name = zone.title or spoken(zone.id)
    # What is only an object of an act (a river that is obstructed) needs no day.
    only_object = not users and _is_object(context, zone.id)
    if missing(zone.as_of) and not only_object:
        yield AuditWarning(
            "SA1401",
            Severity.GAP,
            clauses,
            f"{name}: on which day it is meant the text does not say; forces move, and the "
            f"{zone.kind} "
            "with them.",
            no_story=IN_THE_TEXT,
            options=(Option("Name the day, and annex a map.", f"[{zone.id}: as of …]"),),
        )
    file = "" if zone.source is None else zone.source.partition("#")[0]
    absent = context.library.folder is not None and not (context.library.folder / file).exists()
    if zone.source is None or absent:
        yield AuditWarning(
            "SA1405",
            Severity.GAP,
            clauses,
            f"{name}: the text gives it no course and no map."
            if zone.source is None
            else f"{name}: the map that the text names, {file}, is not there.",
            no_story=IN_THE_TEXT,
            options=(Option("Annex coordinates.", f'[{zone.id} from "zones.geojson#…"]'),),
        )
    elif zone.schematic:
        yield AuditWarning(
            "SA1402",
            Severity.RISK,
            clauses,
            f"{name} is drawn as a sketch: islands, rivers and what lies within its band are on "
            "neither side.",
            no_story="a place within the band is undetermined: no course of events settles it",
            options=(
                Option(
                    "Survey it together, and say what holds for water, islands and bridges.",
                    f"[{zone.id}: as in annex …, coordinates …]",
                ),
            ),
        )


def _areas(context: Context, norm: Norm) -> frozenset[str]:
    """Places that a norm uses as areas: where an act is, or whose territory it concerns."""
    found: set[str] = set()
    for node in nodes_of(norm, context.agreement):
        if isinstance(node, c.Pattern):
            record_type = context.agreement.record_types[node.type]
            if node.place is not None:
                found.update(_names(context, node.place.place))
            for arg in node.args:
                declared = record_type.arg(arg.name)
                if declared is not None and declared.kind == "territory":
                    found.update(_names(context, arg.value))
    return frozenset(found)


def _is_object(context: Context, name: str) -> bool:
    from servanda.checks.frame.words import named_in

    return name in named_in(context.norms, context.agreement)


def _names(context: Context, value: c.Value) -> tuple[str, ...]:
    from servanda.checks.frame.words import names_of

    return names_of(context.agreement, value)


# --- contradictory --------------------------------------------------------------------------------


def _contradictory(context: Context) -> Iterator[AuditWarning]:
    """A permission whose every use is an offence, with no word on which goes before."""
    agreement = context.agreement
    types = {n.id: {p.type for p in patterns_of(n, agreement)} for n in context.norms}
    for allowed in context.norms:
        if allowed.kind not in _ALLOWING or allowed.condition is None:
            continue
        for ban in context.norms:
            if not binding(ban) or ban.duty != "not":
                continue
            if not types[allowed.id] & types[ban.id]:
                continue
            if allowed.id in {n.id for n in going_before(ban, agreement)}:
                continue
            held = context.across([allowed, ban], on(_used, context, allowed, ban))
            if held.story is None:
                continue
            yield AuditWarning(
                "SA1403",
                Severity.BREAKS,
                (context.clause(allowed), context.clause(ban)),
                f"Whoever does what {allowed.id} allows breaches {ban.id}, and neither goes "
                "before the "
                "other.",
                held.story,
                options=(
                    Option(
                        "Say which goes before.",
                        f"[{allowed.id}: notwithstanding {ban.id}]",
                        allowed.provision,
                    ),
                ),
                readings=held.readings,
            )


def _used(context: Context, ground: Ground, allowed: Norm, ban: Norm) -> Story | None:
    guards = context.guards(ground.setting.assignment)
    for one in ground.setting.instances(allowed.id):
        for other in ground.setting.instances(ban.id):
            if one.bearers and other.bearers and not set(one.bearers) & set(other.bearers):
                continue
            assert allowed.condition is not None and ban.condition is not None
            use, offence = (allowed.condition, one.env), (ban.condition, other.env)
            if not guards.together(use, offence) or not guards.covers(offence, use):
                continue
            act = ground.node(allowed.condition, one.env, True)
            wants = [Claim(one.id, "running"), Claim(other.id, "breached")]
            story = context.prove(ground, wants, goal=act).story
            if story is not None:
                return story
    return None


# --- distances ------------------------------------------------------------------------------------


def _distances(context: Context) -> Iterator[AuditWarning]:
    """A duty at a place that lies, with all its surroundings, within a distance that is "
    "forbidden."""
    duties = [n for n in context.norms if n.duty in ("achieve", "maintain") and _placed(context, n)]
    bans = [n for n in context.norms if binding(n) and n.duty == "not" and _placed(context, n)]
    for duty in duties:
        for ban in bans:
            held = context.across([duty, ban], on(_within, context, duty, ban))
            if held.story is None:
                continue
            yield AuditWarning(
                "SA1404",
                Severity.BREAKS,
                (context.clause(duty), context.clause(ban)),
                f"{duty.id} can be kept only within the distance that {ban.id} forbids.",
                held.story,
                options=(
                    Option(
                        "Shorten the distance, or except the place.",
                        f"[{ban.id}: within … km, but not at …]",
                        ban.provision,
                    ),
                ),
                readings=held.readings,
            )


def _placed(context: Context, norm: Norm) -> list[c.Pattern]:
    if norm.condition is None:
        return []
    found = walk(norm.condition, context.agreement)
    return [n for n in found if isinstance(n, c.Pattern) and n.place is not None]


def _within(context: Context, ground: Ground, duty: Norm, ban: Norm) -> Story | None:
    for one in ground.setting.instances(duty.id):
        for other in ground.setting.instances(ban.id):
            if one.bearers and other.bearers and not set(one.bearers) & set(other.bearers):
                continue
            if _enclosed(ground, one, other, _placed(context, duty), _placed(context, ban)):
                wants = [Claim(one.id, "done" if duty.duty == "achieve" else "running")]
                story = context.prove(ground, [*wants, Claim(other.id, "breached")]).story
                if story is not None:
                    return story
    return None


def _enclosed(
    ground: Ground, one: Instance, other: Instance, asked: list[c.Pattern], banned: list[c.Pattern]
) -> bool:
    """Whether every place where it may be done lies within a forbidden distance."""
    if len(asked) != 1:
        return False
    mine = asked[0]
    for ban in banned:
        if (
            ban.type != mine.type
            or ban.place is None
            or mine.place is None
            or ban.place.within is None
        ):
            continue
        reach, radius = _km(ban.place.within), _km(mine.place.within)
        centres = sorted(ground.setting.evaluator.names(ban.place.place, other.env) or ())
        places = sorted(ground.setting.evaluator.names(mine.place.place, one.env) or ())
        atlas = ground.setting.inputs.atlas
        far = []
        for place in places:
            near = [d for centre in centres if (d := atlas.distance_km(place, centre)) is not None]
            far.append(min(near, default=float("inf")))
        if far and all(d + radius <= reach for d in far):
            return True
    return False


def _km(distance: Quantity | None) -> float:
    if distance is None:
        return 0.0
    return float(distance.amount) / (1000 if distance.unit == "m" else 1)
