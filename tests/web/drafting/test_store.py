"""Where steps of drafts are kept: up and down in both stores; nothing is changed afterwards."""

from pathlib import Path

import pytest
from sqlalchemy import inspect
from sqlalchemy.exc import DatabaseError

from servanda.web.drafting import store
from servanda.web.drafting.schema import steps
from servanda.web.people.office import Office, open_office
from servanda.web.people.passwords import Passwords
from servanda.web.people.person import Person
from servanda.web.people.roles import Role
from tests.ledger.conftest import place as place  # noqa: PLC0414  both stores, as for ledgers
from tests.ledger.conftest import server as server  # noqa: PLC0414  a private PostgreSQL
from tests.web.people.house import QUICK, Clock

ADA = Person(Role.EDITOR, "1", "Ada")


@pytest.fixture
def office(place: str, tmp_path: Path) -> Office:
    made = open_office(place, tmp_path / "people.key", passwords=Passwords(QUICK), clock=Clock())
    store.prepare_tables(made.store)
    return made


def test_the_steps_make_the_table_that_the_code_expects(office: Office) -> None:
    with office.store.reading() as connection:
        there = {c["name"]: c["nullable"] for c in inspect(connection).get_columns(steps.name)}
    assert there == {c.name: bool(c.nullable) for c in steps.columns}
    store.prepare_tables(office.store, "base", down=True)
    with office.store.reading() as connection:
        left = set(inspect(connection).get_table_names())
    assert steps.name not in left and "people_trail" in left
    store.prepare_tables(office.store)
    store.prepare_tables(office.store)  # again changes nothing


def test_the_last_step_of_a_text_counts(office: Office) -> None:
    told = [("a", store.RELEASED), ("b", store.RELEASED), ("a", store.WITHDRAWN)]
    with office.store.writing() as connection:
        for at, (digest, kind) in enumerate(told):
            store.add(connection, ADA, at, "glens", digest, kind, f"why {at}")
        store.add(connection, ADA, 9, "others", "a", store.RELEASED, "why 9")
    with office.store.reading() as connection:
        found = store.history(connection, "glens")
    assert [(one.digest, one.kind) for one in found] == told
    assert store.standing(found, "a") is None
    assert store.standing(found, "b") == store.Step(
        store.RELEASED, "b", "why 1", "Ada", "editor of agreements", 1
    )
    assert store.standing(found, "c") is None


@pytest.mark.parametrize(
    "statement", ["UPDATE draft_steps SET kind = 'released'", "DELETE FROM draft_steps"]
)
def test_the_database_refuses_to_alter_a_step(office: Office, statement: str) -> None:
    with office.store.writing() as connection:
        store.add(connection, ADA, 1, "glens", "a", store.WITHDRAWN, "why")
    refused = pytest.raises(DatabaseError, match="never changed")
    with refused, office.store.writing() as connection:
        connection.exec_driver_sql(statement)
