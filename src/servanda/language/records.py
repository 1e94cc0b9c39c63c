"""Record types out of declarations, and extensions of those that exist already."""

from dataclasses import replace

from servanda.language.assemble import Declared
from servanda.language.scope import Names, Place, Refused
from servanda.language.syntax import Node, unquote
from servanda.model.record_type import ArgKind, ArgType, Ending, RecordType
from servanda.model.span import Span


def record_type(declared: Declared, names: Names) -> RecordType:
    """The record type that a declaration says, before it is merged with one of the same name."""
    at = Place(declared.line, names)
    name, title = declared.tree.children
    found = RecordType(
        at.identifier(name),
        unquote(title) if title is not None else None,
        span=at.span(name),
    )
    for clause in declared.clauses:
        try:
            found = _with_clause(found, clause.tree, Place(clause.line, names))
        except Refused:
            continue
    return found


def _with_clause(record: RecordType, tree: Node, at: Place) -> RecordType:
    match str(tree.data):
        case "arg":
            arg = _arg(tree, at)
            if record.arg(arg.name) is not None:
                at.names.report.error(
                    "SV0402",
                    f"the argument `{arg.name}` is declared twice",
                    at.span(tree.children[0]),
                    why="A record has one value for each argument.",
                    fix="Join the two.",
                )
                raise Refused
            return replace(record, args=(*record.args, arg))
        case "acting":
            return replace(record, actor=str(tree.children[0]))
        case "identified_by":
            return replace(record, identified_by=_words(tree.children[0]))
        case "ends_by":
            name, pairs = tree.children
            same = tuple(_pair(pair) for pair in pairs.children)
            ending = Ending(str(name), same, at.span(tree))
            return replace(record, endings=(*record.endings, ending))
        case "declared_by":
            each, name = tree.children
            return replace(record, declared_by=str(name), declared_by_each=each is not None)
        case "event":
            return replace(record, event=True)
        case _:
            return replace(record, alone=True)


def _arg(tree: Node, at: Place) -> ArgType:
    name, kind, many, optional, one_of = tree.children
    kinds = [k.value for k in ArgKind]
    if str(kind) not in kinds:
        at.names.report.unknown(
            "SV0503",
            f"`{kind}` is no kind of argument",
            at.span(kind),
            str(kind),
            kinds,
            why=f"The kinds are {', '.join(kinds)}.",
            fix="Use one of them.",
        )
        raise Refused
    return ArgType(
        at.identifier(name),
        ArgKind(str(kind)),
        required=optional is None,
        many=many is not None,
        one_of=_words(one_of),
        span=at.span(name),
    )


def _words(node: Node) -> tuple[str, ...]:
    return () if node is None else tuple(dict.fromkeys(str(token) for token in node.children))


def _pair(node: Node) -> tuple[str, str]:
    ours, theirs = node.children
    return str(ours), str(theirs if theirs is not None else ours)


def merge(base: RecordType, more: RecordType, names: Names, standard: bool) -> RecordType:
    """`base` with the arguments and words that `more` adds; anything else it says must agree."""
    same_again = (
        ("actor", more.actor, base.actor),
        ("identified by", more.identified_by, base.identified_by),
        ("declared by", more.declared_by, base.declared_by),
        ("ends by", more.endings or None, base.endings),
        ("event", more.event or None, base.event),
        ("alone", more.alone or None, base.alone),
        ("declared by each", more.declared_by_each or None, base.declared_by_each),
        ("a title", more.title, base.title),
    )
    differing = [name for name, said, was in same_again if said is not None and said != was]
    if differing:
        where = "a standard record type" if standard else f"declared already, at {base.span}"
        names.report.error(
            "SV0510",
            f"`{base.id}` exists already and cannot behave otherwise",
            more.span,
            why=f"It is {where}, and says otherwise about: {', '.join(differing)}. "
            "What is added to a type are arguments and words alone.",
            fix="Leave out what differs, or declare a type of another name.",
        )
    args = list(base.args)
    for arg in more.args:
        index = next((i for i, a in enumerate(args) if a.name == arg.name), None)
        if index is None:
            args.append(arg)
            continue
        was = args[index]
        if arg.kind is not was.kind:
            names.report.error(
                "SV0510",
                f"the argument `{arg.name}` of `{base.id}` is of kind {was.kind}",
                arg.span,
                why="Records that exist already could not be read any more.",
                fix=f"Write `arg {arg.name} {was.kind}`.",
            )
            continue
        if was.one_of:
            words = tuple(dict.fromkeys((*was.one_of, *arg.one_of)))
            args[index] = replace(was, one_of=words)
    return replace(base, args=tuple(args))


def check(record: RecordType, names: Names) -> None:
    """Whether everything that a type names exists."""
    known = [arg.name for arg in record.args]
    named = [*(record.identified_by or ())]
    named += [name for name in (record.actor, record.declared_by) if name is not None]
    for name in named:
        if name not in known:
            _no_argument(record.id, name, known, record.span, names)
    for ending in record.endings:
        other = names.records.get(ending.type)
        if other is None:
            names.report.unknown(
                "SV0403",
                f"no record type is called `{ending.type}`",
                ending.span,
                ending.type,
                names.records,
                why="A state ends by records of a type that is declared.",
                fix="Correct the name, or declare it.",
            )
            continue
        for ours, theirs in ending.same:
            if ours not in known:
                _no_argument(record.id, ours, known, ending.span, names)
            if other.arg(theirs) is None:
                _no_argument(other.id, theirs, [a.name for a in other.args], ending.span, names)


def _no_argument(record: str, name: str, known: list[str], span: Span, names: Names) -> None:
    names.report.unknown(
        "SV0501",
        f"`{record}` has no argument `{name}`",
        span,
        name,
        known,
        why=f"Its arguments are {', '.join(known) or 'none'}.",
        fix="Correct the name, or add the argument.",
    )
