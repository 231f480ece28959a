"""Where a record is: read from an address, and never told with its password."""

from pathlib import Path

import pytest

from tulou.kernel.errors import BadInput, BadUse
from tulou.operations.cases.adapters.addresses import address_of, file_address, kept_address
from tulou.operations.cases.adapters.store import SqlStore

CITY = Path("Rongcheng.city")
SECRET = "s3cret-Word"  # noqa: S105


def found(text, tmp_path):
    return address_of(text, CITY, tmp_path)


def test_a_file_beside_the_city_is_the_default(tmp_path):
    assert found("", tmp_path).file == tmp_path / "cases.sqlite"
    assert found("sqlite", tmp_path) == found("", tmp_path)
    assert found(f"sqlite:{tmp_path}/x.db", tmp_path).file == tmp_path / "x.db"
    assert found(f"sqlite:///{tmp_path}/x.db", tmp_path).file == tmp_path / "x.db"
    assert kept_address(CITY, tmp_path) == found("", tmp_path)


def test_a_server_has_a_schema_for_each_city(tmp_path):
    one = found("postgresql://tulou@db.example/cases", tmp_path)
    other = found("postgres://tulou@db.example:5433/cases?schema=漳州&sslmode=require", tmp_path)
    assert (one.schema, other.schema) == ("rongcheng", "漳州")
    assert one.lock != other.lock == found("postgresql://x@y/z?schema=漳州", tmp_path).lock
    assert (other.url.port, dict(other.url.query)) == (5433, {"sslmode": "require"})
    assert one.file is None


def test_a_password_is_taken_and_never_shown(tmp_path):
    one = found(f"postgresql://tulou:{SECRET}@127.0.0.1:1/cases?connect_timeout=1", tmp_path)
    assert one.url.password == SECRET
    store = SqlStore(one)
    with pytest.raises(BadInput, match="the server of the cases cannot be reached") as caught:
        store.events()
    told = f"{store.place} {caught.value!r} {caught.value} {one.place} {caught.value.__cause__}"
    assert SECRET not in told
    assert one.hidden(f"no {SECRET}") == "no ***"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("mysql://a:b@c/d", "this is not the address"),
        ("postgresql://a:b@c:port/d", "this is not the address"),
        ("cases.sqlite", "this is not the address"),
        ("sqlite:", "this is not the address"),
        ("postgresql://c/d?schema=a%22b", "this is not the name of a schema"),
        (f"postgresql://c/d?schema={'a' * 64}", "too long"),
    ],
)
def test_what_is_no_address_is_refused(tmp_path, text, says):
    with pytest.raises(BadUse, match=says) as caught:
        found(text, tmp_path)
    assert "a:b" not in str(caught.value)


def test_the_folder_of_a_city_names_its_record_without_a_password(tmp_path):
    file = tmp_path / "store"
    file.write_text("postgresql://tulou@db.example/cases\n")
    assert kept_address(CITY, tmp_path).schema == "rongcheng"
    file.write_text(f"postgresql://tulou:{SECRET}@db.example/cases\n")
    with pytest.raises(BadInput, match="a file holds no password") as caught:
        kept_address(CITY, tmp_path)
    assert SECRET not in str(caught.value)
    for wrong in (b"\xff\xfe", b"somewhere"):
        file.write_bytes(wrong)
        with pytest.raises(BadInput, match="this is not the address"):
            kept_address(CITY, tmp_path)


def test_a_file_and_its_place():
    assert file_address(Path("a/cases/cases.sqlite")).place == "cases/cases.sqlite"


def test_a_server_that_acknowledges_before_it_writes_is_refused(postgresql, tmp_path):
    """A server without ``fsync`` would say yes to an event that a fall of its machine takes away."""
    from operations.cases.desk import Desk

    with postgresql.connection("public") as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    try:
        with pytest.raises(BadInput, match="does not put on the disk"):
            Desk(SqlStore(found(postgresql.address("unsafe"), tmp_path))).open()
    finally:
        with postgresql.connection("public") as connection:
            connection.execute("ALTER SYSTEM RESET fsync")
            connection.execute("SELECT pg_reload_conf()")
    Desk(SqlStore(found(postgresql.address("unsafe"), tmp_path))).open()
