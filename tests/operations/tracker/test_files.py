"""Evidence as files: kept by digest, never replaced, and found out when gone or changed."""

import hashlib
from pathlib import Path

import pytest

from operations.tracker.desk import DAY
from tulou.kernel.errors import BadInput
from tulou.operations.tracker.adapters import files
from tulou.operations.tracker.adapters.files import file_faults, keep, place_of, proof_of
from tulou.operations.tracker.handlers.evidence import add_evidence

TEXT = b"minutes of a visit"
DIGEST = hashlib.sha256(TEXT).hexdigest()


@pytest.fixture
def paper(tmp_path):
    file = tmp_path / "visit.pdf"
    file.write_bytes(TEXT)
    return file


def give(desk, paper, folder, kind="record"):
    proof = proof_of(paper, kind, "office")
    return add_evidence(
        desk.agenda, desk.journal, desk.request("1.1", "builders", DAY), proof, clock=desk.clock,
        keep=lambda: keep(paper, proof, folder),
    )  # fmt: skip


def test_a_proof_says_what_the_file_is(paper):
    proof = proof_of(paper, "record", "office")
    assert (proof.digest, proof.name, proof.size, proof.kind) == (DIGEST, "visit.pdf", len(TEXT), "record")


def test_a_copy_is_kept_by_its_digest_and_left_alone_the_second_time(paper, tmp_path):
    proof = proof_of(paper, "record", "office")
    place = keep(paper, proof, tmp_path / "files")
    assert place == tmp_path / "files" / f"{DIGEST}.pdf"
    assert place.read_bytes() == TEXT
    paper.write_bytes(b"something else")
    assert keep(paper, proof, tmp_path / "files") == place
    assert place.read_bytes() == TEXT


def test_a_file_that_changes_while_it_is_read_is_refused_and_nothing_is_kept(paper, tmp_path):
    proof = proof_of(paper, "record", "office")
    paper.write_bytes(b"changed meanwhile")
    with pytest.raises(BadInput, match="changed while it was read"):
        keep(paper, proof, tmp_path / "files")
    assert list((tmp_path / "files").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "ending"),
    [("a.pdf", ".pdf"), ("a.tar.gz", ".gz"), ("a", ""), ("a.b/c", ""), ("a.exe$", ""), ("a.verylongending", ""),
     ("..", ""), ("a.扫描", "")],
)  # fmt: skip
def test_only_plain_endings_are_kept(name, ending):
    assert place_of(Path("f"), DIGEST, name) == Path("f") / (DIGEST + ending)


def test_what_is_no_evidence(tmp_path, monkeypatch):
    (tmp_path / "empty").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "evidence.pdf").write_bytes(TEXT)
    for name, says in (("empty", "something in it"), ("folder", "there is none here"), ("no", "there is none here")):
        with pytest.raises(BadInput, match=says):
            proof_of(tmp_path / name, "record", "office")
    with pytest.raises(BadInput) as caught:
        proof_of(tmp_path / "evidense.pdf", "record", "office")
    assert caught.value.faults[0].guess == "evidence.pdf"
    monkeypatch.setattr(files, "MOST_BYTES", 5)
    with pytest.raises(BadInput, match="not larger"):
        proof_of(tmp_path / "evidence.pdf", "record", "office")


def test_copies_that_are_gone_or_changed_are_named(desk, paper, tmp_path):
    folder = tmp_path / "files"
    event = give(desk, paper, folder)
    items = desk.standing("1.1").evidence
    assert list(file_faults(items, folder)) == []
    (copy,) = folder.iterdir()
    copy.write_bytes(b"forged")
    (fault,) = file_faults(items, folder)
    assert fault.what == "the copy of this evidence was changed after it was given"
    assert fault.where == f"1.1: {event.number} visit.pdf"
    assert fault.allowed == (DIGEST[:12],)
    copy.unlink()
    (fault,) = file_faults(items, folder)
    assert fault.what == "the copy of this evidence is gone"


def test_evidence_taken_back_is_kept_and_proved_all_the_same(desk, paper, tmp_path):
    event = give(desk, paper, tmp_path / "files")
    desk.take_back("1.1", event.number)
    (copy,) = (tmp_path / "files").iterdir()
    copy.unlink()
    assert len(list(file_faults(desk.standing("1.1").evidence, tmp_path / "files"))) == 1


def test_one_file_may_show_two_things_with_one_copy(desk, paper, tmp_path):
    give(desk, paper, tmp_path / "files", "record")
    give(desk, paper, tmp_path / "files", "plan")
    assert len(list((tmp_path / "files").iterdir())) == 1
    assert desk.standing("1.1").lacking == ()


def test_a_copy_that_cannot_be_kept_leaves_no_entry(desk, paper, tmp_path):
    (tmp_path / "files").write_text("in the way")
    with pytest.raises(OSError, match="files"):
        give(desk, paper, tmp_path / "files")
    assert desk.size() == 0
