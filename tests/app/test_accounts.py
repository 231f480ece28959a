"""Trust of a city: where things lie, who may do what, and what a person sees."""

import pytest

from app.line import contents
from operations.trust.desk import NAME, NOW, PERSON, bytes_below, identity, reading
from tulou.app.accounts import open_trust
from tulou.kernel.errors import BadInput


@pytest.fixture(autouse=True)
def keys(tmp_path, monkeypatch):
    monkeypatch.setenv("TULOU_KEYS", str(tmp_path / "keys"))
    for name in ("TULOU_TRUST", "TULOU_REQUESTERS", "TULOU_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "keys"


def test_an_identity_never_enters_the_folder_of_the_city(own, keys):
    before = contents(own)
    trust = open_trust(own)
    receipt = trust.vault.put(identity(), "R1", moment=NOW)
    assert open_trust(own).vault.reveal(receipt.token, "R1", reading()).details == PERSON
    assert contents(own) == before
    assert trust.home.stat().st_mode & 0o777 == 0o700
    assert NAME.encode() not in bytes_below(own.parent)
    assert [path.stat().st_mode & 0o777 for path in keys.glob("*.json")] == [0o600]


def test_where_there_is_no_city_nothing_is_made(tmp_path):
    with pytest.raises(BadInput):
        open_trust(tmp_path / "nowhere")
    assert not list(tmp_path.iterdir())
