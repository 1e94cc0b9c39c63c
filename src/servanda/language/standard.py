"""Reads an evidence standard of one's own, `2 independent sources or (1 monitor and …)`.

In: a text, what it is called, and the names that it may use.  Out: the standard, or its errors,
each with place, reason and cure.  Nothing in it is ever executed.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from servanda.language.diagnostics import Reporter, nearest, shown
from servanda.language.reading import lines_of
from servanda.language.syntax import mixes_and_or
from servanda.model import standard as s
from servanda.model.span import Span

if TYPE_CHECKING:
    from lark import Lark, Token, Tree

MAX_STANDARD = 2_000  # characters; a page says more than anybody weighs in the head
MAX_STANDARD_DEPTH = 12  # brackets within each other
MAX_VOICES = 9  # counted at once; looking for independent ones takes time

EXAMPLE = "2 independent sources or (1 monitor and 1 third_party)"
# No voice has both: what is asked for could never be met.
_NEVER = (
    frozenset({"third_party", "actor_side"}),
    frozenset({"third_party", "adverse"}),
    frozenset({"adverse", "actor_side"}),
    frozenset({"adverse", "actor"}),
)
_ELSEWHERE = {
    "findings": "Write it at the end: `… with findings`.",
    "default": "Leave `--standard` away, or write `corroborated`.",
}

_JOINTS = ("independent", "including", "only", "how", "not")  # may be meant by a slip

Names = Mapping[str, Iterable[str]]


@cache
def _grammar() -> "Lark":
    from lark import Lark

    text = files("servanda.language").joinpath("standard.lark").read_text(encoding="utf-8")
    return Lark(text, parser="lalr", propagate_positions=True, maybe_placeholders=True)


def read_standard(text: str, file: str, names: Names, report: Reporter) -> s.Standard | None:
    """The standard that a text writes, or None after its errors have been reported.

    `names` lists, for `party`, `source` and `kind`, what may stand behind the colon.
    """
    try:
        data = text.encode(errors="surrogateescape")  # bytes that were no UTF-8 are so again
    except UnicodeEncodeError:
        data = text.encode(errors="surrogatepass")
    lines = lines_of(file, data, report)
    if lines is None:
        return None
    text = "\n".join(lines)
    reader = _Reader(text, file, names, report)
    if not reader.fits():
        return None
    tree = reader.parsed()
    before = len(report.found)
    found = None if tree is None else reader.standard(tree)
    return None if len(report.found) > before else found


class _Reader:
    def __init__(self, text: str, file: str, names: Names, report: Reporter) -> None:
        self.text, self.file, self.names, self.report = text, file, names, report
        # Remarks are blanked, so that what is looked for in the text is not found in them.
        self.code = re.sub(r"--[^\n]*", lambda m: " " * len(m[0]), text)

    def error(self, code: str, title: str, at: tuple[int, int], why: str, fix: str) -> None:
        self.report.error(code, title, self.span(*at), why=why, fix=fix)

    def span(self, start: int, end: int) -> Span:
        row = self.text.count("\n", 0, start)
        column = start - self.text.rfind("\n", 0, start)
        stop = self.text.find("\n", start, end)
        width = max(1, (end if stop < 0 else stop) - start)
        return Span(self.file, row + 1, column, column + width)

    # --- size ---

    def fits(self) -> bool:
        if len(self.text) > MAX_STANDARD:
            self.error(
                "SV0904",
                f"the evidence standard has more than {MAX_STANDARD:_} characters",
                (0, 1),
                "Nobody could say of it which records count.",
                f"Say it in a line or two, such as `{EXAMPLE}`.",
            )
            return False
        depth = 0
        for found in re.finditer(r"[()]|\bnot\s+not\b", self.code):
            depth += {"(": 1, ")": -1}.get(found[0], 0)
            if depth > MAX_STANDARD_DEPTH:
                self.error(
                    "SV0904",
                    f"brackets are nested more than {MAX_STANDARD_DEPTH} deep",
                    found.span(),
                    "Nobody could follow it.",
                    "Leave out brackets that change nothing.",
                )
                return False
            if found[0] not in "()":
                self.error(
                    "SV0904",
                    "`not` stands twice in a row",
                    found.span(),
                    "The one takes back the other.",
                    "Leave out both.",
                )
                return False
        return True

    # --- words ---

    def parsed(self) -> "Tree[Token] | None":
        from lark.exceptions import UnexpectedCharacters, UnexpectedToken

        try:
            return _grammar().parse(self.text)
        except UnexpectedToken as error:
            if error.token.type == "$END":
                self._too_short()
                return None
            at = error.token.start_pos or 0
        except UnexpectedCharacters as error:
            at = error.pos_in_stream or 0
        word = re.compile(r"[\w.:]+|.", re.S).match(self.text, at)
        self._unread(at, word[0] if word else "")
        return None

    def _too_short(self) -> None:
        end = len(self.code.rstrip())
        if not end:
            title, why = "the evidence standard is empty", "Nothing says which records count."
        else:
            title, why = "the evidence standard ends too early", "Something is missing at its end."
        self.error("SV0901", title, (end, end + 1), why, f"It looks like this:\n  {EXAMPLE}")

    def _unread(self, at: int, word: str) -> None:
        here = (at, at + max(1, len(word)))
        if word in ("and", "or") and mixes_and_or(self.code, at, word):
            self.error(
                "SV0305",
                "`and` and `or` are mixed without parentheses",
                here,
                "Readers disagree on which of the two binds first.",
                "Put parentheses around the part that belongs together.",
            )
            return
        why, fix = "It does not fit at this place.", f"It looks like this:\n  {EXAMPLE}"
        if word in ("and", "or", "not", "of", "how", "including", "with", "only"):
            why = f"The word `{word}` joins or opens parts of a standard; none ends or begins here."
        elif word[:1] in "“”‘’'\"":
            why = "Names and words stand without quotation marks."
        elif re.search(r"\bhow\s+[\w.]+(?:\s*,|\s+or)?\s*$", self.code[:at]):
            fix = "Several means stand in braces: `how {camera, uav}`."
        elif before := re.search(r"\b([\w:.]+)\s+$", self.code[:at]):
            if re.fullmatch(r"[\w.:]+", word) and before[1] not in ("at", "least"):
                why = "A rule is joined to the next by `and` or `or`."
                fix = f"Say how many: `1 {before[1]}`; or join the two by `and` or `or`."
        self.error(
            "SV0901", f"I do not understand “{shown(word)}” in this standard", here, why, fix
        )

    # --- meaning ---

    def standard(self, tree: "Tree[Token]") -> s.Standard:
        rule, _, findings = tree.children
        return s.Standard(self.rule(rule), findings is not None)

    def rule(self, node: Any) -> s.Rule:
        kinds: dict[str, Callable[[Any], s.Rule]] = {
            "all": lambda n: _joined(s.All, map(self.rule, n.children)),
            "any": lambda n: _joined(s.Any, map(self.rule, n.children)),
            "not_": lambda n: s.Not(self.rule(n.children[0])),
            "only": lambda n: s.Only(self.who(n.children[0])),
            "role": lambda n: s.InRole(str(n.children[0])),
            "named": self.named,
            "count": self.count,
            "several": self.several,
        }
        found = kinds[node.data](node)
        if isinstance(found, s.All) and {s.InRole(r) for r in s.ROLES} <= set(found.parts):
            self.never(node, "No act is both an offending and a fulfilling one.")
        return found

    def never(self, node: Any, why: str) -> None:
        at = (node.meta.start_pos, node.meta.end_pos)
        fix = "Ask for one of the two, or join them by `or`."
        self.error("SV0903", "nothing could ever meet this", at, why, fix)

    def named(self, node: Any) -> s.Named:
        (token,) = node.children
        word = str(token)
        kind, colon, name = word.partition(":")
        if word in s.BUILT_IN or (kind == "party" and colon):
            if colon:
                self._known(token, kind, name)
            return s.Named(word)
        if word in s.TRAITS or colon:
            self.error(
                "SV0902",
                f"“{shown(word)}” alone is no rule",
                _at(token),
                "It says who speaks, and not how many must, or that only these count.",
                f"Write `1 {shown(word)}`, or `only {shown(word)}`.",
            )
        elif self.code.strip() == word:
            accounts = (f"party:{n}" for n in self.names.get("party", ()))
            self._unknown(
                token, "evidence standard", (*s.BUILT_IN, "findings", *accounts), more=EXAMPLE
            )
        else:
            means = "Several means stand in braces: `how {camera, uav}`."
            fix = means if word in s.MEANS else _ELSEWHERE.get(word)
            self._unknown(token, "rule", (*s.BUILT_IN, *s.ROLES, *s.TRAITS), fix)
        return s.Named(s.BUILT_IN[0])

    def count(self, node: Any) -> s.Count:
        number_token, independent, who, including = node.children
        number = self.number(number_token, MAX_VOICES, "so many voices are not counted")
        more = None
        if including is not None:
            least = f"only {number} are counted"
            more = (
                self.number(including.children[0], number, least),
                self.who(including.children[1]),
            )
        return s.Count(number, self.who(who), independent is not None, more)

    def several(self, node: Any) -> s.AtLeast:
        number_token, *parts = node.children
        number = self.number(number_token, len(parts), f"only {len(parts)} stand in the brackets")
        return s.AtLeast(number, tuple(map(self.rule, parts)))

    def number(self, token: Any, most: int, reason: str) -> int:
        value = int(token)
        if not 1 <= value <= most:
            self.error(
                "SV0903",
                f"{shown(str(token))} is no number that can be asked for here",
                _at(token),
                "None at all is written with `not`: `not 1 adverse`."
                if value == 0
                else f"{reason[0].upper()}{reason[1:]}.",
                f"Write a number from 1 to {most}.",
            )
            return 1
        return value

    def who(self, node: Any) -> s.Who:
        traits: list[s.Trait] = []
        how: tuple[str, ...] = ()
        for child in node.children:
            if child is None:
                continue
            if child.data == "how":
                how = tuple(self.means(token) for token in child.children)
            else:
                negated, *words = child.children
                traits.append(
                    s.Trait(tuple(dict.fromkeys(map(self.trait, words))), negated is not None)
                )
        plain = {t.words[0] for t in traits if len(t.words) == 1 and not t.negated}
        plain |= {"actor_side" for w in plain if w == "admission"}
        for pair in _NEVER:
            if pair <= plain:
                self.never(node, f"No voice is both {' and '.join(sorted(pair))}.")
                break
        return s.Who(tuple(traits), tuple(dict.fromkeys(how)))

    def trait(self, token: Any) -> str:
        word = str(token)
        kind, colon, name = word.partition(":")
        if word == "sources":
            return "source"
        if colon and kind in s.NAMING:
            self._known(token, kind, name)
        elif word not in s.TRAITS:
            known = (*s.TRAITS, *(f"{k}:NAME" for k in s.NAMING), *_JOINTS)
            fix = f"Observation is told by `how {word}`." if word in s.MEANS else None
            self._unknown(token, "word for who speaks", known, fix)
        return word

    def means(self, token: Any) -> str:
        if token not in s.MEANS:
            self._unknown(token, "means of observation", s.MEANS)
        return str(token)

    def _unknown(
        self,
        token: Any,
        what: str,
        known: tuple[str, ...],
        fix: str | None = None,
        more: str = "",
    ) -> None:
        listed = ", ".join(word for word in known if word not in _JOINTS)
        rule = f"; or a rule:\n  {more}" if more else "."
        title = f"“{shown(str(token))}” is no {what}"
        why = "A word that nobody defined would let records count, or not, by a slip."
        span, word = self.span(*_at(token)), str(token)
        fix = fix or f"Write one of these: {listed}{rule}"
        self.report.unknown("SV0902", title, span, word, known, why=why, fix=fix)

    def _known(self, token: Any, kind: str, name: str) -> None:
        known = tuple(self.names.get(kind, ()))
        if name in known:
            return
        what = {
            "party": "party or side of this agreement",
            "source": "source that this agreement lists, or actor",
            "kind": "kind of source in this agreement's sources.yaml",
        }[kind]
        close = nearest(name, known, most=1)
        fix = f"Write `{kind}:{close[0]}`." if close else _listed(kind, known)
        self.error(
            "SV0902",
            f"“{shown(name)}” is no {what}",
            _at(token),
            "A name that nobody has would let nothing count, by a slip.",
            fix,
        )


def _listed(kind: str, known: tuple[str, ...]) -> str:
    if not known:
        return "This agreement lists none: write sources.yaml beside it, or leave it out."
    more = ", …" if len(known) > 12 else ""
    return f"There are {', '.join(f'{kind}:{n}' for n in known[:12])}{more}."


def _at(token: Any) -> tuple[int, int]:
    return token.start_pos, token.end_pos


def _joined(kind: type[s.All] | type[s.Any], parts: Iterable[s.Rule]) -> s.Rule:
    """Parts of the same kind within each other are one list; what is said twice is said once."""
    flat: dict[s.Rule, None] = {}
    for part in parts:
        flat.update(dict.fromkeys(part.parts if isinstance(part, kind) else (part,)))
    return kind(tuple(flat)) if len(flat) > 1 else next(iter(flat))
