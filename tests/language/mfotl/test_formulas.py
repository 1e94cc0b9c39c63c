"""Formulas and signatures: how tightly words bind, and what is said where something is wrong."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.engine.columns.normalise import normalised
from servanda.engine.columns.safety import Unsafe, checked
from servanda.language.mfotl.check import check
from servanda.language.mfotl.formula import parse_formula
from servanda.language.mfotl.lexer import MfotlError, Text, Unsupported
from servanda.language.mfotl.signature import parse_signature
from tests.support.examples import examples

SIGNATURE = parse_signature(Text("p(int) q(x:int) r(int, int)"))


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("ONCE p(x) AND q(x)", "ONCE (p(x) AND q(x))"),
        ("NOT p(x) AND q(x)", "(NOT p(x)) AND q(x)"),
        ("NOT p(x) SINCE q(x)", "(NOT p(x)) SINCE q(x)"),
        ("p(x) AND q(x) OR p(x)", "(p(x) AND q(x)) OR p(x)"),
        ("p(x) IMPLIES q(x) IMPLIES p(x)", "p(x) IMPLIES (q(x) IMPLIES p(x))"),
        ("p(x) SINCE q(x) SINCE p(x)", "p(x) SINCE (q(x) SINCE p(x))"),
        ("EXISTS y. r(x,y) AND p(x)", "EXISTS y. (r(x,y) AND p(x))"),
        ("p(x) AND ONCE[2,4) q(x)", "p(x) AND (ONCE[2,3] q(x))"),
        ("ONCE(1,3] (p(x))", "ONCE[2,3] p(x)"),
        ("ONCE[1d,*) p(x)", "ONCE[86400,*] p(x)"),
        ("(0 = 0) SINCE p(x)", "TRUE SINCE p(x)"),
        ("(x + 1) * 2 = 4 AND p(x)", "((x + 1) * 2) = 4 AND p(x)"),
        ("x - 1 - 1 = 0 AND p(x)", "((x - 1) - 1) = 0 AND p(x)"),
        ("x >= 2 AND p(x)", "2 <= x AND p(x)"),
        ("c <- CNT x p(x) OR q(x)", "c <- CNT x (p(x) OR q(x))"),
    ],
)
def test_how_words_bind(short: str, full: str) -> None:
    assert parse_formula(Text(short)) == parse_formula(Text(full))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("p(x", "formula:1:4: “,” is expected here; the text ends."),
        ("p(x) AND", "formula:1:9: A formula or a term is expected here; the text ends."),
        ("p(x) q(x)", "formula:1:6: The end of the formula is expected here; “q” was found."),
        ("pp(x)", "formula:1:1: pp is neither in the signature nor defined. Did you mean p?"),
        ("p(x,y)", "formula:1:1: p has 1 argument, 2 here."),
        ("ONCE[a,2] p(x)", "formula:1:6: A bound of an interval"),
        ("x $ 1", "formula:1:3: “$” cannot be read here."),
        ("LET a(x) = r(x,y) IN a(x)", "formula:1:1: y: parameter and variable of a must agree."),
        ("c <- CNT x; z p(x)", "formula:1:1: z is no variable of what is aggregated."),
        ("x <- FOO x p(x)", "formula:1:6: One of CNT, SUM, AVG, MIN, MAX, MED is expected"),
        ("p(" * 300, "formula"),
        ("(" * 300 + "p(x)", "formula:1:100: Nested more than 100 deep."),
        ("NOT " * 300 + "p(x)", "formula:1:401: Nested more than 100 deep."),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, message: str) -> None:
    with pytest.raises(MfotlError) as error:
        check(parse_formula(Text(text)), SIGNATURE, Text(text))
    assert str(error.value).startswith(message)


@pytest.mark.parametrize(
    ("text", "feature"),
    [
        ("FRZ f(x) = p(x) IN f(x)", "FRZ"),
        ('p(x) AND x MATCHES r"a"', "string functions"),
        ("p(x) AND y = YEAR(x)", "calendar conversions"),
        ("LETPAST l(x) = p(x) OR l(x) IN l(x)", "LETPAST that refers"),
        ("LETPAST l(x) = p(x) OR NEXT l(x) IN l(x)", "LETPAST that refers"),
    ],
)
def test_what_is_not_supported_is_named(text: str, feature: str) -> None:
    with pytest.raises(Unsupported, match=f"^unsupported: {feature}"):
        check(parse_formula(Text(text)), SIGNATURE, Text(text))


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ("NOT p(x)", 0, "x could take infinitely many values here: what is negated binds nothing."),
        ("p(x) AND x < y", 11, "y could take infinitely many values here"),
        ("p(x) OR q(y)", 5, "y could take infinitely many values here: each alternative of OR"),
        ("PAST_ALWAYS[1,2] p(x)", 0, "x could take infinitely many values here"),
        ("r(x,y) SINCE p(x)", 7, "y could take infinitely many values here: the right side of"),
    ],
)
def test_what_is_not_safe_is_said_helpfully(text: str, at: int, message: str) -> None:
    with pytest.raises(Unsafe) as error:
        checked(normalised(parse_formula(Text(text))))
    assert error.value.at == at
    assert str(error.value).startswith(message)
    assert "Say beside it where" in str(error.value)


@pytest.mark.parametrize(
    "text",
    [
        "p(x) AND (q(x) IMPLIES EXISTS y. r(x,y))",
        "FORALL x. p(x) IMPLIES q(x)",
        "p(x) AND NOT (q(x) AND x < 3)",
        "r(x,y) AND NOT (p(x) AND x < y)",
        "PAST_ALWAYS[0,3] p(x)",
        "p(x) AND PAST_ALWAYS[2,3] NOT q(x)",
    ],
)
def test_natural_forms_are_rewritten(text: str) -> None:
    checked(normalised(parse_formula(Text(text))))


@examples(500)
@given(st.text(st.sampled_from("px qr(),.;AND OR NOT ONCE [0,1]*<-=\"'\n#|+-/é"), max_size=40))
def test_no_text_crashes_the_parser(text: str) -> None:
    for parse in (parse_formula, parse_signature):
        with suppress(MfotlError):
            parse(Text(text))
