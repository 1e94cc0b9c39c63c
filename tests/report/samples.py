"""Small agreements for the tests of reports: two valleys, symmetric to the word."""

from pathlib import Path

from servanda import library
from servanda.library import Library

VALLEYS = """agreement valleys "Two valleys; upper, lower"
  zone Europe/Vienna
  draft 2026-01-01
  status tabled
  in force when consent of {Upper, Lower} by {signs} withdrawn by {withdraws_consent}

party Upper
party Lower
body Commission

institution Commission
  vote unspecified
  competent for everything else

term start "which day it begins"
  reading on_signature: in_force
  reading on_truce: v.truce is fulfilled
  decided by unspecified

obligation v.truce "each lays down arms"
  bearer each of {Upper, Lower}
  toward the other
  achieve enacts by bearer act truce
  from in_force
  deadline unspecified

obligation v.dam "each pays, for the dam; and says so"
  bearer each of {Upper, Lower}
  toward the other
  achieve pays from bearer into Commission
  from start
  within 10 days of start

prohibition v.border "no pasture changes hands"
  bearer each of {Upper, Lower}
  not control_change to bearer
  from in_force

right v.water "each may draw water"
  bearer each of {Upper, Lower}
  may meets institution Commission
  from in_force
"""


def folder(path: Path, text: str = VALLEYS, **files: str) -> Library:
    """An agreement in a folder of its own, with files beside it (`positions="- …"`)."""
    (path / "agreement.md").write_text(f"# Sample\n\n```servanda\n{text}```\n", encoding="utf-8")
    for name, content in files.items():
        (path / f"{name}.yaml").write_text(content, encoding="utf-8")
    return library.load(path)
