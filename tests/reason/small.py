"""Small agreements for the tests of the room of reasoning."""

from servanda import library
from servanda.engine.question import Inputs
from servanda.reason.ground import Ground
from servanda.reason.setting import Setting

HEAD = """agreement small "A small one"
  zone UTC
  draft 2026-01-01
  in force when 2026-02-01

party A
  side
party B
  side
"""


def ground(text: str, **readings: str) -> Ground:
    lib = library.from_text(HEAD + text)
    chosen = {t.id: t.readings[0].name for t in lib.agreement.terms.values()}
    inputs = Inputs(lib.agreement, lib.atlas, sources=lib.sources)
    return Ground(Setting.of(inputs, {**chosen, **readings}))
