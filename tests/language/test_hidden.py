"""What Markdown shows and what is read are the same; what is neither is no text."""

import pytest

from servanda.language.load import Loaded, load_agreement

HEAD = '# Truce\n\n```servanda\nagreement x "x"\nparty A\n```\n\n## p1. Truce\n\n'
NORM = "```servanda\nnorms left for later\n```\n"


def load(text: str) -> Loaded:
    return load_agreement(f"{HEAD}{text}\n\n{NORM}", name="x.md")


def text_of(text: str) -> str:
    loaded = load(text)
    assert loaded.agreement is not None, loaded.diagnostics
    return loaded.agreement.provisions["p1"].text


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Peace.\n\n[Neither side attacks]: https://example.org", "Peace."),
        ("Peace &amp; quiet.", "Peace &amp; quiet."),
        ("See <https://example.org>; a < b > c.", "See <https://example.org>; a < b > c."),
        ("`<b>` and \\<b> stay.", "`<b>` and \\<b> stay."),
        ("> ## p2. Hidden\n\nPeace.", "## p2. Hidden\n\nPeace."),
        ("Peace.\n\n---\n\nQuiet.", "Peace.\n\nQuiet."),
        ("Peace.\n\n    code\n\n~~~text\nsample\n~~~", "Peace."),
    ],
)
def test_harmless_markdown(written: str, read: str) -> None:
    assert text_of(written) == read


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("<!-- x -->", "SV0111"),
        ("<details>\n\nmore\n\n</details>", "SV0111"),
        ("Peace <b>now</b>.", "SV0111"),
        ("| a | b |\n|---|---|\n| <i>x</i> | y |", "SV0111"),
        ("- peace <br> now", "SV0111"),
        ("Peace\n=====", "SV0110"),
        ("> Peace\n> -----", "SV0110"),
        ("- x\n\n      ```servanda\n      party B\n      ```", "SV0110"),
        ("1. ```servanda\n   party B\n   ```", "SV0110"),
        ("````\n```servanda\nparty B\n```\n````", "SV0110"),
        ("~~~SERVANDA\nparty B\n~~~", "SV0110"),
        ("```servanda,hidden\nparty B\n```", "SV0110"),
        ("Pea&#x200b;ce", "SV0103"),
        ("Pea&shy;ce", "SV0103"),
        ("Pea&rlm;ce", "SV0103"),
    ],
)
def test_tricks(written: str, code: str) -> None:
    assert code in [d.code for d in load(written).errors]


def test_a_sample_in_another_language_is_left_alone() -> None:
    assert not load("```python\nprint('servanda')\n```").errors


def test_a_block_never_closed_reads_nothing_silently() -> None:
    loaded = load_agreement(HEAD + "```servanda\nparty B\n", name="x.md")
    assert "SV0110" in [d.code for d in loaded.errors]
