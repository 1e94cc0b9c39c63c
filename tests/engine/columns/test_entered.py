"""What is asked of very many entries at once is what going through them says."""

import pytest

from servanda.engine.axis import LATEST
from servanda.engine.columns.entered import ManyEntered
from servanda.engine.entered import Entered, tellers, tellers_of_each
from servanda.engine.history import ManyBreaches
from servanda.engine.readings import spreads
from servanda.evidence.record import Record
from tests.support.engines import in_columns
from tests.support.monitored import asked, records


def voice(record: Record) -> str:
    return record.speaker


STANDARDS = ("corroborated", "any_claim", "third_party", "party:Ukraine")


@pytest.mark.parametrize("standard", STANDARDS)
def test_many_entries_answer_as_each_by_itself(standard: str) -> None:
    told = records(500)
    with in_columns():
        question = asked(told, standard=standard)
        many = 0
        for norm in question.agreement.norms:
            found = [s.breaches for s in spreads(question, norm, standard).values()]
            assert tellers(found) == tellers_of_each(*found)
            for one in found:
                plain = Entered(tuple(one))
                many += isinstance(one, ManyEntered) and len(one) > 0
                assert len(one) == len(plain)
                assert [*one[:3], *one[-2:]] == [*plain[:3], *plain[-2:]]
                for question_of in ("bases", "resting", "found_by", "tellers", "digest"):
                    assert getattr(one, question_of)() == getattr(plain, question_of)()
                assert one.bearers == plain.bearers
                starts = [one[0][0].at, one[len(one) // 2][0].at, LATEST] if len(one) else []
                assert one.by_period(starts, voice) == plain.by_period(starts, voice)
                for record in told[::50]:
                    assert list(one.of_record(record.id)) == list(plain.of_record(record.id))
    assert many > 0


def test_a_history_tells_the_last_and_counts_without_making_all() -> None:
    with in_columns():
        question = asked(records(500), standard="any_claim")
        seen = 0
        for norm in question.agreement.norms:
            for spread in spreads(question, norm, "any_claim").values():
                for history in spread.histories:
                    if not isinstance(history.breaches, ManyBreaches):
                        continue
                    last, bases = list(history.latest(3)), history.bases()
                    every = list(history.breaches)
                    assert last == every[-3:] and bases.total() == len(every)
                    seen += len(every) > 3
    assert seen


def test_the_plain_way_and_columns_tell_the_same() -> None:
    told = records(500)
    plain = asked(told, engine="reference")
    with in_columns():
        columns = asked(told)
        for norm in plain.agreement.norms:
            one, other = (spreads(q, norm, "corroborated") for q in (plain, columns))
            assert {i: s.breaches.digest() for i, s in one.items()} == {
                i: s.breaches.digest() for i, s in other.items()
            }
