"""Lines of a page about who can end what: for a terminal, or the same as Markdown."""

from dataclasses import dataclass

from servanda.cli import text


@dataclass(frozen=True)
class Page:
    markdown: bool

    def title(self, said: str) -> str:
        return f"# {said}" if self.markdown else text.bold(said)

    def head(self, said: str) -> str:
        return f"## {said}" if self.markdown else text.rule(said)

    def paragraph(self, said: str) -> str:
        return f"{_escaped(said)}\n" if self.markdown else text.wrap(said)

    def item(self, said: str, level: int = 0, mark: str = "·") -> str:
        if self.markdown:
            return "  " * level + f"- {_escaped(said)}"
        return text.item(said, 2 + 2 * level, mark)

    def dated(self, day: str, said: str, level: int) -> str:
        if self.markdown:
            return self.item(f"{day}: {said}", level)
        return self.item(said, level, day)


def _escaped(said: str) -> str:
    for sign in "\\*_[]<>`":
        said = said.replace(sign, f"\\{sign}")
    return text.clean(said)
