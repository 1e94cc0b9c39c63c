"""Where people are kept: steps up and down in both stores, key files, and what is refused."""

import stat
from pathlib import Path

import pytest
from sqlalchemy import inspect

from servanda.library import InputError
from servanda.web.app import create_app
from servanda.web.people import accounts, keyfile, links, schema, sessions, trail
from servanda.web.people.office import Office, Place, open_office
from servanda.web.people.passwords import Passwords
from servanda.web.people.roles import Role
from servanda.web.people.schema import metadata
from servanda.web.people.store import open_store
from servanda.web.settings import Settings
from tests.ledger.conftest import place as place  # noqa: PLC0414  both stores, as for ledgers
from tests.ledger.conftest import server as server  # noqa: PLC0414  a private PostgreSQL
from tests.support.postgres import Cluster
from tests.web.people.house import PASSWORD, QUICK, Clock


@pytest.fixture
def office(place: str, tmp_path: Path) -> Office:
    return open_office(place, tmp_path / "people.key", passwords=Passwords(QUICK), clock=Clock())


def test_the_steps_make_the_tables_that_the_code_expects(place: str) -> None:
    store = open_store(place)
    with store.reading() as connection:
        found = inspect(connection)
        for table in metadata.sorted_tables:
            there = {c["name"]: c["nullable"] for c in found.get_columns(table.name)}
            assert there == {c.name: bool(c.nullable) for c in table.columns}
            assert {i["name"] for i in found.get_indexes(table.name) if not i["unique"]} == {
                i.name for i in table.indexes
            }
    store.migrate("base", down=True)
    with store.reading() as connection:
        assert not [n for n in inspect(connection).get_table_names() if n != "people_version"]
    store.migrate()
    with store.reading() as connection:
        names = set(inspect(connection).get_table_names())
    assert {table.name for table in metadata.sorted_tables} < names


def test_all_of_it_works_in_both_stores(office: Office) -> None:
    secret = links.first_link(office) or ""
    entered = links.use(office, secret, "Ada", PASSWORD, PASSWORD, Place("here", "a browser"))
    session = sessions.find(office, entered.token)
    assert session is not None
    assert session.person.role is Role.ADMINISTRATOR
    with office.store.reading() as connection:
        assert [p.name for p in accounts.everybody(connection)] == ["Ada"]
        assert trail.broken(connection, office.keys) is None
        assert len(trail.lines(connection)) == 3
    with pytest.raises(Exception, match="append-only"), office.store.writing() as connection:
        connection.execute(schema.trail.delete())


def test_people_may_lie_in_the_database_of_a_ledger(server: Cluster, tmp_path: Path) -> None:
    """On PostgreSQL: a file holds a ledger or people."""
    from servanda.ledger.ledger import init, open_ledger

    place = server.fresh()
    key = tmp_path / "l.keys"
    init(place, "A mission", 1_770_000_000_000_000, key)
    open_office(place, tmp_path / "people.key", passwords=Passwords(QUICK))
    assert open_ledger(place, key).title == "A mission"


def test_opening_it_again_finds_everybody(office: Office, place: str, tmp_path: Path) -> None:
    with office.store.writing() as connection:
        accounts.add(connection, 1, "Zoë", Role.AUDITOR)
    again = open_office(place, tmp_path / "people.key", passwords=Passwords(QUICK))
    with again.store.reading() as connection:
        assert [p.name for p in accounts.everybody(connection)] == ["Zoë"]


def test_the_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    place = tmp_path / "people.db"
    open_office(str(place), passwords=Passwords(QUICK))
    for path in (place, Path(f"{place}.key")):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "people.key"
    keyfile.load(path)
    path.chmod(0o640)
    with pytest.raises(InputError, match="chmod 600"):
        keyfile.load(path)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": "other/1"}', "\x00"])
def test_what_is_no_key_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "people.key"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(InputError, match="no key file"):
        keyfile.load(path)


def test_a_second_factor_is_sealed_for_its_account() -> None:
    keys = keyfile.fresh()
    sealed = keys.seal(b"secret", "anna")
    assert b"secret" not in sealed
    assert keys.unseal(sealed, "anna") == b"secret"
    assert keys.unseal(sealed, "bo") is None
    assert keyfile.fresh().unseal(sealed, "anna") is None
    assert keys.unseal(sealed[:-1], "anna") is None
    assert "secret" not in repr(keys) and keys.seal_key.hex() not in repr(keys)


def test_where_people_cannot_be_kept_it_is_said(tmp_path: Path) -> None:
    for where, key in (
        (str(tmp_path / "no" / "folder" / "p.db"), None),
        ("mysql://u:geheim@nowhere/db", tmp_path / "k"),
        ("postgresql://u:geheim@127.0.0.1:1/db", tmp_path / "k"),
        ("postgresql://u:geheim@127.0.0.1:1/db", None),
    ):
        with pytest.raises(InputError, match="--people") as told:
            open_office(where, key, passwords=Passwords(QUICK))
        assert "geheim" not in str(told.value)
    (tmp_path / "text").write_text("no database " * 100)
    with pytest.raises(InputError, match="--people"):
        open_office(str(tmp_path / "text"), passwords=Passwords(QUICK))


def test_without_a_place_people_go_when_the_server_does() -> None:
    office = open_office(None, passwords=Passwords(QUICK))
    place = Path(office.store.place)
    assert place.is_file()
    del office
    assert not place.parent.exists()


def test_where_people_are_kept_by_default() -> None:
    assert Settings().kept_at is None
    assert Settings(ledger="/m/l.ledger").kept_at == "/m/l.ledger.people"
    assert Settings(ledger="postgresql://x/y").kept_at == "postgresql://x/y"
    assert Settings(ledger="/m/l.ledger", people="/p/p.db").kept_at == "/p/p.db"


def test_cookies_are_for_encrypted_connections_but_on_the_loopback() -> None:
    for host, address, secure in (
        ("127.0.0.1", None, False),
        ("::1", None, False),
        ("0.0.0.0", None, True),
        ("127.0.0.1", "https://peace.example", True),
        ("10.0.0.1", "http://inside.example", False),
    ):
        told = Settings(host=host, address=address)
        assert told.secure == secure
    assert "peace.example" in Settings(address="https://peace.example:8443").called


@pytest.mark.parametrize(
    "settings",
    [
        Settings(address="peace.example"),
        Settings(address="ftp://peace.example"),
        Settings(address="https://peace.example/path"),
        Settings(demo=True, people="p.db"),
        Settings(demo=True, public=True),
    ],
)
def test_settings_that_cannot_be_meant(settings: Settings) -> None:
    with pytest.raises(InputError, match="--"):
        create_app(settings)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """Also for root: what stands in place of the folder is a file."""
    (tmp_path / "folder").write_text("")
    with pytest.raises(InputError, match="--people"):
        open_office(str(tmp_path / "folder" / "p.db"), tmp_path / "k", passwords=Passwords(QUICK))
