"""What a sum or count is compared with: a constant, or a share or remainder of a measure."""

from decimal import Decimal

from servanda.language import values
from servanda.language.scope import Place, Refused, Scope
from servanda.language.syntax import Node, is_tree
from servanda.model.condition import MeasuredLimit
from servanda.model.quantity import Quantity
from servanda.model.record_type import ArgKind, ArgType


def limit(at: Place, scope: Scope, node: Node) -> Quantity | MeasuredLimit:
    """`100 USD`, `50 percent of profit of F`, `total of F less 100 USD`.

    Raises `Refused` after reporting an error.
    """
    less: Quantity | None = None
    percent = Decimal(100)
    if is_tree(node, "share"):
        share, measure, of = node.children
        percent = _percent(at, share)
    elif is_tree(node, "rest"):
        measure, of, taken = node.children
        less = None if taken is None else values.quantity(at, taken)
    else:
        return values.quantity(at, node)
    name, known = at.identifier(measure), at.names.measures
    if name not in known:
        at.names.report.unknown(
            "SV0401",
            f"no measure is called `{name}`",
            at.span(measure),
            name,
            known,
            why="A limit is a number, or the latest value of a measure that the text declares.",
            fix=f'Declare it: `measure {name} "title" in USD`.',
        )
        raise Refused
    holder = values.value(at, scope, of, ArgType("of", ArgKind.ACTOR))
    return MeasuredLimit(name, holder, percent, less, at.span(node))


def _percent(at: Place, share: Node) -> Decimal:
    part = values.quantity(at, share)
    if part.unit != "percent" or part.amount < 0:
        at.names.report.error(
            "SV0509",
            "a share of a measured quantity is given in percent",
            at.span(share),
            why="Any other unit would be a quantity of its own.",
            fix="Write, for example, `at least 50 percent of profit of FUND`.",
        )
        raise Refused
    return part.amount
