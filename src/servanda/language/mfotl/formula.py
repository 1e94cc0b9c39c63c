"""Formulas in the peers' syntax: text in, `model/formula` out; errors name line and column.

Binding, weakest first: LET … IN; SINCE and UNTIL (to the right); ONCE, EVENTUALLY and the other
operators of one formula; EXISTS and FORALL; EQUIV; IMPLIES; OR; AND; NOT.  So `PREV p(x) AND q(x)`
is `PREV (p(x) AND q(x))`.
"""

from dataclasses import dataclass

from servanda.language.mfotl.lexer import MfotlError, Text, Token, tokens
from servanda.model import formula as f

_TEMPORAL = {
    "ONCE": "once",
    "EVENTUALLY": "eventually",
    "ALWAYS": "always",
    "PAST_ALWAYS": "historically",
    "HISTORICALLY": "historically",
    "PREV": "previous",
    "PREVIOUS": "previous",
    "NEXT": "next",
}
_AGGREGATIONS = {
    "CNT": "count",
    "SUM": "sum",
    "AVG": "avg",
    "MIN": "min",
    "MAX": "max",
    "MED": "median",
}
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_UNSUPPORTED = {
    "FRZ": "FRZ",
    "MATCHES": "string functions",
    "SUBSTRING": "string functions",
    "MATCHF": "MATCHF",
    "MATCHP": "MATCHP",
    "FORWARD": "MATCHF",
    "BACKWARD": "MATCHP",
    "s2i": "string functions",
    "i2s": "string functions",
    "s2f": "string functions",
    "f2s": "string functions",
    "r2s": "string functions",
    "s2r": "string functions",
    "DAY_OF_MONTH": "calendar conversions",
    "MONTH": "calendar conversions",
    "YEAR": "calendar conversions",
    "FORMAT_DATE": "calendar conversions",
}
_CONVERSIONS = ("f2i", "i2f")
# Deeper nesting than any formula that people write; Python's own stack is the limit behind it.
_MAX_DEPTH = 100
# Binding strength of the connectives of two formulas; the others are prefixes.
_STRENGTH = {"SINCE": 1, "UNTIL": 1, "EQUIV": 4, "IMPLIES": 5, "OR": 6, "AND": 7}
_OF_ONE, _QUANTIFIED = 2, 3
_RIGHT = {"SINCE", "UNTIL", "IMPLIES"}
_COMPARISONS = ("=", "<", ">", "<=", ">=", "<>")
LONGEST = 1 << 60  # bounds of intervals are kept below what is added to time-stamps


def parse_formula(source: Text) -> f.Formula:
    """The formula of a text; raises MfotlError, `Unsupported` for features of other monitors."""
    parser = _Parser(source, list(tokens(source)))
    formula = parser.formula(0)
    parser.expect("", "the end of the formula")
    return formula


@dataclass(slots=True)
class _Parser:
    source: Text
    words: list[Token]
    i: int = 0
    depth: int = 0

    # --- reading ----------------------------------------------------------------------------------

    @property
    def word(self) -> Token:
        return self.words[self.i]

    def take(self) -> Token:
        word = self.words[self.i]
        if word.kind != "end":
            self.i += 1
        return word

    def next_is(self, *texts: str) -> bool:
        return self.word.text in texts and self.word.kind != "string"

    def expect(self, text: str, what: str = "") -> Token:
        if self.word.text != text or (text == "" and self.word.kind != "end"):
            raise self.wrong(f"{what or '“' + text + '”'} is expected here")
        return self.take()

    def wrong(self, message: str) -> MfotlError:
        seen = f"; “{self.word.text}” was found." if self.word.text else "; the text ends."
        return self.source.error(self.word.at, message[0].upper() + message[1:] + seen)

    def name(self, what: str) -> Token:
        if self.word.kind != "word":
            raise self.wrong(f"the name of a {what} is expected here")
        return self.take()

    # --- formulas ---------------------------------------------------------------------------------

    def formula(self, strength: int) -> f.Formula:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise self.source.error(self.word.at, f"Nested more than {_MAX_DEPTH} deep.")
        left = self.prefix()
        while (mine := _STRENGTH.get(self.word.text)) is not None and mine >= max(strength, 1):
            operator = self.take()
            interval = self.interval() if operator.text in ("SINCE", "UNTIL") else f.ANY
            right = self.formula(mine if operator.text in _RIGHT else mine + 1)
            left = self.join(operator, interval, left, right)
        self.depth -= 1
        return left

    def join(
        self, operator: Token, interval: f.Interval, left: f.Formula, right: f.Formula
    ) -> f.Formula:
        at = operator.at
        match operator.text:
            case "AND":
                parts = left.parts if isinstance(left, f.And) else (left,)
                return f.And((*parts, right), at)
            case "OR":
                parts = left.parts if isinstance(left, f.Or) else (left,)
                return f.Or((*parts, right), at)
            case "IMPLIES":
                return f.Implies(left, right, at)
            case "EQUIV":
                return f.Equivalent(left, right, at)
            case _:
                return f.Dyadic(operator.text.lower(), interval, left, right, at)

    def prefix(self) -> f.Formula:
        word = self.word
        if word.kind == "word":
            if word.text in _UNSUPPORTED and word.text not in ("s2i", "i2s"):
                raise self.source.unsupported(word.at, _UNSUPPORTED[word.text])
            if word.text in ("LET", "LETPAST"):
                return self.let()
            if word.text == "NOT":
                self.take()
                return f.Not(self.formula(_STRENGTH["AND"] + 1), word.at)
            if word.text in ("EXISTS", "FORALL"):
                return self.quantified()
            if word.text in _TEMPORAL:
                self.take()
                interval = self.interval()
                return f.Temporal(_TEMPORAL[word.text], interval, self.formula(_OF_ONE), word.at)
            if word.text in ("TRUE", "FALSE"):
                self.take()
                return f.TRUE if word.text == "TRUE" else f.FALSE
            if self.words[self.i + 1].text == "<-":
                return self.aggregation()
            if self.words[self.i + 1].text == "(" and word.text not in (
                *_CONVERSIONS,
                *_UNSUPPORTED,
            ):
                return self.predicate()
        if word.text in ("|.", "<.", "|", "<", "▷", "◁"):
            raise self.source.unsupported(word.at, "regular expressions over time")
        if word.text == "(" and word.kind == "sign":
            return self.parenthesis()
        return self.comparison()

    def parenthesis(self) -> f.Formula:
        """`(` opens a formula, or a term of a comparison: the formula is tried first."""
        start, depth = self.i, self.depth
        try:
            self.take()
            inside = self.formula(0)
            self.expect(")")
        except MfotlError as error:
            reached = self.i
            self.i, self.depth = start, depth
            if error.args[0].startswith("unsupported"):
                raise
            try:
                return self.comparison()
            except MfotlError:
                if self.i >= reached:
                    raise
                raise error from None
        return inside

    def quantified(self) -> f.Formula:
        word = self.take()
        names = [self.name("variable").text]
        while self.next_is(","):
            self.take()
            names.append(self.name("variable").text)
        self.expect(".")
        body = self.formula(_QUANTIFIED)
        of = f.Exists if word.text == "EXISTS" else f.ForAll
        return of(tuple(names), body, word.at)

    def let(self) -> f.Formula:
        word = self.take()
        name = self.name("predicate").text
        self.expect("(")
        parameters: list[str] = []
        while not self.next_is(")"):
            if parameters:
                self.expect(",")
            parameters.append(self.name("variable").text)
        self.expect(")")
        self.expect("=")
        definition = self.formula(0)
        self.expect("IN")
        body = self.formula(0)
        past = word.text == "LETPAST"
        return f.Let(name, tuple(parameters), definition, body, past, word.at)

    def aggregation(self) -> f.Formula:
        result = self.take()
        self.take()
        operator = self.take()
        if operator.text not in _AGGREGATIONS:
            known = ", ".join(_AGGREGATIONS)
            raise self.source.error(operator.at, f"One of {known} is expected after “<-”.")
        term = self.simple_term()
        groups: list[str] = []
        if self.next_is(";"):
            self.take()
            groups.append(self.name("variable").text)
            while self.next_is(","):
                self.take()
                groups.append(self.name("variable").text)
        body = self.formula(0)
        op = _AGGREGATIONS[operator.text]
        return f.Aggregation(result.text, op, term, tuple(groups), body, result.at)

    def simple_term(self) -> f.Term:
        if self.word.kind == "word":
            return f.Variable(self.take().text)
        return self.factor()

    def predicate(self) -> f.Formula:
        name = self.take()
        self.take()
        args: list[f.Term] = []
        while not self.next_is(")"):
            if args:
                self.expect(",")
            args.append(self.term())
        self.expect(")")
        return f.Predicate(name.text, tuple(args), name.at)

    def comparison(self) -> f.Formula:
        left = self.term()
        operator = self.word
        if operator.text in _UNSUPPORTED:
            raise self.source.unsupported(operator.at, _UNSUPPORTED[operator.text])
        if operator.text not in _COMPARISONS or operator.kind == "string":
            raise self.wrong("a comparison (=, <, <=, >, >=) is expected here")
        self.take()
        right = self.term()
        match operator.text:
            case ">":
                return f.Comparison("<", right, left, operator.at)
            case ">=":
                return f.Comparison("<=", right, left, operator.at)
            case "<>":
                return f.Not(f.Comparison("=", left, right, operator.at), operator.at)
            case sign:
                return f.Comparison(sign, left, right, operator.at)

    # --- terms ------------------------------------------------------------------------------------

    def term(self) -> f.Term:
        left = self.product()
        while self.next_is("+", "-"):
            left = f.Operation(self.take().text, (left, self.product()))
        return left

    def product(self) -> f.Term:
        left = self.factor()
        while self.next_is("*", "/", "MOD"):
            left = f.Operation(self.take().text, (left, self.factor()))
        return left

    def factor(self) -> f.Term:
        word = self.take()
        match word.kind, word.text:
            case "int", text:
                return f.Constant(self.whole(text, word.at))
            case "float", text:
                return f.Constant(float(text))
            case "string", text:
                return f.Constant(text[1:-1])
            case "sign", "-":
                inner = self.factor()
                if isinstance(inner, f.Constant) and not isinstance(inner.value, str):
                    return f.Constant(-inner.value)
                return f.Operation("neg", (inner,))
            case "sign", "(":
                self.depth += 1
                if self.depth > _MAX_DEPTH:
                    raise self.source.error(word.at, f"Nested more than {_MAX_DEPTH} deep.")
                inner = self.term()
                self.expect(")")
                self.depth -= 1
                return inner
            case "word", text if text in _CONVERSIONS:
                self.expect("(")
                inner = self.term()
                self.expect(")")
                return f.Operation(text, (inner,))
            case "word", text if text in _UNSUPPORTED:
                raise self.source.unsupported(word.at, _UNSUPPORTED[text])
            case "word", text:
                return f.Variable(text)
        self.i -= word.kind != "end"
        raise self.wrong("a formula or a term is expected here")

    def whole(self, text: str, at: int) -> int:
        number = int(text) if len(text) < 30 else LONGEST * 8
        if number >= 1 << 62:
            raise self.source.error(at, "The number is too large: up to 2^62 is computed exactly.")
        return number

    def interval(self) -> f.Interval:
        """`[a,b]`, `(a,b)` and their mixtures, `*` for no end; nothing at all is `[0,*]`."""
        if not (self.next_is("[", "(") and self._is_interval()):
            return f.ANY
        opened = self.take().text
        lower = self.bound()
        self.expect(",")
        upper = None
        if self.next_is("*"):
            self.take()
        else:
            upper = self.bound()
        if not self.next_is("]", ")"):
            raise self.wrong("“]” or “)” is expected here")
        closed = self.take().text
        if opened == "(":
            lower += 1
        if upper is not None and closed == ")":
            upper -= 1
        return f.Interval(lower, upper)

    def _is_interval(self) -> bool:
        """`(0,2)` is an interval; `(0 = 0)` and `(p(x))` are formulas."""
        if self.word.text == "[":
            return True
        ahead = self.words[self.i + 1 : self.i + 3]
        return len(ahead) == 2 and ahead[0].kind in ("int", "unit") and ahead[1].text == ","

    def bound(self) -> int:
        word = self.take()
        if word.kind == "int":
            return min(self.whole(word.text, word.at), LONGEST)
        if word.kind == "unit":
            number = self.whole(word.text[:-1], word.at)
            return min(number * _UNITS[word.text[-1]], LONGEST)
        self.i -= word.kind != "end"
        raise self.wrong("a bound of an interval, such as 10 or 3d, is expected here")
