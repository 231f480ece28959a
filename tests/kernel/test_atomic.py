"""Writing in one step: a reader sees the old file or the new one, and nothing is left behind."""

import os
import stat

import pytest

from tulou.kernel.atomic import flush, replacing, write_bytes, write_text


def test_a_file_is_written_with_its_folder(tmp_path):
    path = tmp_path / "deep" / "down" / "file.txt"
    write_text(path, "城市\n体检\n")
    assert path.read_bytes() == "城市\n体检\n".encode()
    assert [entry.name for entry in path.parent.iterdir()] == ["file.txt"]


def test_the_old_file_stands_until_the_block_ends(tmp_path):
    path = tmp_path / "file"
    write_bytes(path, b"old")
    with replacing(path) as draft:
        draft.write_bytes(b"new")
        assert path.read_bytes() == b"old"
        assert draft.parent == path.parent
    assert path.read_bytes() == b"new"


def test_a_failure_leaves_the_old_file_and_no_draft(tmp_path):
    path = tmp_path / "file"
    write_bytes(path, b"old")

    def fail():
        with replacing(path) as draft:
            draft.write_bytes(b"half")
            raise OSError

    with pytest.raises(OSError):  # noqa: PT011  (raised without words just above)
        fail()
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


@pytest.mark.skipif(os.name != "posix", reason="permissions are those of POSIX")
def test_permissions_follow_the_rule_of_the_user(tmp_path):
    before = os.umask(0o027)
    try:
        write_bytes(tmp_path / "file", b"x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o640


def test_a_folder_can_be_pushed_to_the_disk(tmp_path):
    flush(tmp_path)
    with pytest.raises(FileNotFoundError):
        flush(tmp_path / "absent")
