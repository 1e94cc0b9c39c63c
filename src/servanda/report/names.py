"""Names in a value as people read them: actors, places, members of a group, a variable's word."""

from servanda.model import condition as c


def names(value: c.Value) -> list[str]:
    """The names, in the order of the text; none where the text names nobody."""
    match value:
        case c.Name(name) | c.Var(name):
            return [name]
        case c.SetOf(items):
            return [name for item in items for name in names(item)]
        case c.MembersOf(group):
            return [f"members of {group}"]
        case _:
            return []
