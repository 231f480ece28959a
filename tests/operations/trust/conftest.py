import pytest

from operations.trust.desk import vault_in


@pytest.fixture
def vault(tmp_path):
    return vault_in(tmp_path)
