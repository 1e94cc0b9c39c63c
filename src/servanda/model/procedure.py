"""Procedure: what a body owes to those before it, from the complaint to the appeal.

Each part may be there, be left open (`Unspecified`), or be absent: then nothing of it is demanded.
"""

from dataclasses import dataclass

from servanda.model.condition import Value
from servanda.model.quantity import Duration
from servanda.model.unspecified import Unspecified


@dataclass(frozen=True, slots=True)
class Procedure:
    """The demands of an agreement on the procedure of a body.

    `complaints_by`: who may complain.  `hears_after`: the lower body that has a case first.
    `acknowledgement` and `notice` run from the complaint, `reply` from when the respondent was
    notified, `appeal_within` from the finding.  `verification`: who has to verify together.
    `severity`: the scale, from the least to the gravest.  `appeal_suspends`: a finding under
    appeal does not stand until the appeal is decided.
    """

    complaints_by: Value | Unspecified | None = None
    hears_after: str | None = None
    acknowledgement: Duration | Unspecified | None = None
    notice: Duration | Unspecified | None = None
    reply: Duration | Unspecified | None = None
    verification: Value | Unspecified | None = None
    severity: tuple[str, ...] | Unspecified | None = None
    appeal_within: Duration | Unspecified | None = None
    appeal_suspends: bool = False
