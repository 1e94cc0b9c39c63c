"""Second factors: the vectors of RFC 4226 and RFC 6238, the window, and the drawing."""

import re
from xml.etree import ElementTree

import pytest

from servanda.web.people import totp

SECRET = b"12345678901234567890"
# RFC 4226, appendix D: counts 0 to 9.
COUNTED = [
    *("755224", "287082", "359152", "969429", "338314"),
    *("254676", "287922", "162583", "399871", "520489"),
]
# RFC 6238, appendix B: seconds, and the code of eight digits by digest.
TIMED = [
    (59, "94287082", "46119246", "90693936"),
    (1111111109, "07081804", "68084774", "25091201"),
    (1111111111, "14050471", "67062674", "99943326"),
    (1234567890, "89005924", "91819424", "93441116"),
    (2000000000, "69279037", "90698825", "38618901"),
    (20000000000, "65353130", "77737706", "47863826"),
]


def test_codes_are_those_of_the_rfc() -> None:
    assert [totp.code(SECRET, n) for n in range(10)] == COUNTED
    longer = {"sha256": SECRET + SECRET[:12], "sha512": SECRET * 3 + SECRET[:4]}
    for seconds, sha1, sha256, sha512 in TIMED:
        step = seconds // totp.STEP
        assert totp.code(SECRET, step, 8) == sha1
        assert totp.code(longer["sha256"], step, 8, "sha256") == sha256
        assert totp.code(longer["sha512"], step, 8, "sha512") == sha512


def test_a_code_counts_for_one_step_before_and_after_and_only_once() -> None:
    now = 1_790_000_000
    step = now // totp.STEP
    for off in (-1, 0, 1):
        assert totp.step_of(SECRET, totp.code(SECRET, step + off), now, 0) == step + off
        assert totp.step_of(SECRET, totp.code(SECRET, step + off), now, step + off) is None
    for off in (-2, 2):
        assert totp.step_of(SECRET, totp.code(SECRET, step + off), now, 0) is None


@pytest.mark.parametrize("given", ["", "1", "abcdef", "٣٣٣٣٣٣", "1234567", "\ud800", "0x1234"])
def test_what_is_no_code_is_none(given: str) -> None:
    assert totp.step_of(SECRET, given, 1_790_000_000, 0) is None


def test_spaces_in_a_code_do_not_matter() -> None:
    now = 1_790_000_000
    told = totp.code(SECRET, now // totp.STEP)
    assert totp.step_of(SECRET, f" {told[:3]} {told[3:]} ", now, 0) == now // totp.STEP


def test_what_the_app_is_told() -> None:
    assert totp.spelled(SECRET) == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"
    assert totp.address(SECRET, "Zoë B", "Servanda") == (
        "otpauth://totp/Servanda%3AZo%C3%AB%20B"
        "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Servanda"
    )
    assert len(totp.new_secret()) == totp.SECRET
    assert totp.new_secret() != totp.new_secret()


def test_the_drawing_is_svg_without_style_or_script() -> None:
    drawn = totp.drawing(totp.address(SECRET, "Zoë", "Servanda"))
    root = ElementTree.fromstring(drawn)
    assert root.tag.endswith("svg")
    assert root.get("viewBox")
    assert not re.search(r"style=|<style|<script|href=", drawn)
