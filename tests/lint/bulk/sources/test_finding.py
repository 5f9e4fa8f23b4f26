"""Objects elsewhere: found, and read."""

from __future__ import annotations

import gzip
import io
import pickle
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from altcraft_contract.errors import UnreadableFile
from altcraft_contract.lint.payloads import Payload, iter_payloads

if TYPE_CHECKING:
    from collections.abc import Sequence


class Found:
    """What was found, and what could not be read."""

    def __init__(self, *paths: str, exclude: Sequence[str] = ()) -> None:
        self.faults: list[UnreadableFile] = []
        self.payloads = list(iter_payloads(paths, exclude=exclude, report=self.faults.append))

    @property
    def paths(self) -> list[str]:
        """Paths in the order in which they were found."""
        return [payload.path for payload in self.payloads]

    @property
    def reason(self) -> str:
        """Why the only path that cannot be read cannot be."""
        assert not self.payloads
        (fault,) = self.faults
        return fault.reason


def read(payload: Payload) -> bytes:
    """What a payload holds."""
    with payload.open() as file:
        return file.read()


def fill(system: Any, *names: str) -> None:
    """Make files in a file system."""
    for name in names:
        system.pipe_file(name, name.encode())


def test_a_url_of_a_file_is_that_file(memory: Any) -> None:
    """A URL that names a file is a payload whatever it is called; its size is known, and it opens."""
    fill(memory, "/orders/today")
    (payload,) = Found("memory://orders/today").payloads
    assert (payload.path, payload.explicit, payload.size) == ("memory://orders/today", True, 13)
    assert (payload.is_plain, payload.is_standard_input, payload.suffix) == (False, False, "")
    assert read(payload) == b"/orders/today"
    assert read(pickle.loads(pickle.dumps(payload))) == b"/orders/today"  # noqa: S301 - our own


def test_a_directory_is_searched_in_order(memory: Any) -> None:
    """Below a directory, files with a known suffix are found, those of a directory first, none in hidden ones."""
    fill(memory, "/d/b.json", "/d/a.NDJSON.gz", "/d/c.txt", "/d/z/_SUCCESS", "/d/z/1.parquet", "/d/m/1.xml")
    fill(memory, "/d/.git/x.json", "/d/venv/x.json", "/d/notes.gz", "/d/t.parquet.gz", "/d/e.jsonl.zst")
    found = Found("memory://d")
    assert found.paths == [
        "memory:///d/a.NDJSON.gz",
        "memory:///d/b.json",
        "memory:///d/e.jsonl.zst",
        "memory:///d/m/1.xml",
        "memory:///d/z/1.parquet",
    ]
    assert not any(payload.explicit for payload in found.payloads)
    assert [payload.is_columnar for payload in found.payloads] == [False, False, False, False, True]
    assert not found.faults


def test_a_pattern_finds_what_matches(memory: Any) -> None:
    """A pattern finds files with a known suffix, or with that of the pattern, and what lies in directories."""
    fill(memory, "/d/1.ndjson", "/d/2.ndjson", "/d/2.txt", "/d/3.log", "/d/1/a.json", "/e/1.json")
    assert Found("memory://d/*.ndjson").paths == ["memory:///d/1.ndjson", "memory:///d/2.ndjson"]
    assert Found("memory://d/2*").paths == ["memory:///d/2.ndjson"]
    assert Found("memory://d/?.log").paths == ["memory:///d/3.log"]
    assert Found("memory://*/1*").paths == ["memory:///d/1/a.json", "memory:///d/1.ndjson", "memory:///e/1.json"]
    assert Found("memory://**/a.json").paths == ["memory:///d/1/a.json"]


def test_an_object_is_found_once(memory: Any) -> None:
    """An object that several URLs lead to is found once, and is named if one of them is its own."""
    fill(memory, "/d/1.json", "/d/2.json")
    found = Found("memory://d", "memory://d/2.json", "memory:///d/2.json", "memory://d/*")
    assert [(payload.path[-6:], payload.explicit) for payload in found.payloads] == [
        ("1.json", False),
        ("2.json", True),
    ]


@pytest.mark.usefixtures("memory")
def test_what_is_not_there_is_told(memory: Any) -> None:
    """A URL that leads nowhere, or to nothing that can be checked, says so, and the others are still found."""
    fill(memory, "/d/1.txt", "/e/1.json")
    assert Found("memory://nothing.json").reason == "there is no such file or object"
    assert Found("memory://d").reason == "nothing to check: nothing in the directory is a file whose suffix is known"
    assert Found("memory://d/x*").reason == "nothing to check: nothing of this name is a file whose suffix is known"
    assert Found("nofs://u:secret@d/x").reason == "Protocol not known: nofs"
    assert Found("memory://nothing.json", "memory://e/1.json").paths == ["memory://e/1.json"]


@pytest.mark.parametrize(
    ("module", "url", "reason"),
    [
        ("s3fs", "s3://id:secret@bucket/a", "s3fs is not installed; get it with: pip install s3fs"),
        ("gcsfs", "gs://bucket/a*", "gcsfs is not installed; get it with: pip install gcsfs"),
        ("fsspec", "s3://bucket", "fsspec is not installed; get it with: pip install 'altcraft-contract[remote]'"),
    ],
)
def test_what_is_missing_is_named(module: str, url: str, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the package for a scheme, the fault names what to install, and no secret."""
    monkeypatch.setitem(sys.modules, module, None)
    if module == "fsspec":
        monkeypatch.setitem(sys.modules, "fsspec.core", None)
    found = Found(url)
    assert found.reason == reason
    assert "secret" not in str(found.faults[0])


def test_files_of_this_machine_have_urls_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A URL of this machine finds the files that their paths do, and each is found once."""
    monkeypatch.chdir(tmp_path)
    Path("d").mkdir()
    for name in ("1.json", "2.txt", "3.ndjson"):
        Path("d", name).write_text("{}")
    folder = f"file://{tmp_path}/d"
    found = Found("d/1.json", folder, f"{folder}/*.json", f"{folder}/2.txt")
    assert [Path(path).name for path in found.paths] == ["1.json", "3.ndjson", "2.txt"]
    assert [payload.explicit for payload in found.payloads] == [True, False, True]
    assert all(payload.is_plain for payload in found.payloads)
    assert Found(f"{folder}/1.jso").reason == "there is no such file or object"


def test_a_file_that_is_called_like_a_url_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Colons in the names of files mean nothing."""
    monkeypatch.chdir(tmp_path)
    Path("s3:").mkdir()
    for name in ("a:b.json", "s3:/c.json", "12::30.json"):
        Path(name).write_text("{}")
    found = Found("a:b.json", "s3://c.json", "12::30.json", ".")
    assert [payload.file for payload in found.payloads] == [Path("a:b.json"), Path("s3:/c.json"), Path("12::30.json")]
    assert Found("x::y").reason == "no such file or directory"


def test_chained_urls_lead_into_archives(tmp_path: Path) -> None:
    """What lies in an archive is found through it."""
    import zipfile  # noqa: PLC0415 - only this test needs it

    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("d/1.json", "{}")
        archive.writestr("d/2.ndjson.gz", gzip.compress(b"[]"))
    found = Found(f"zip://d/*::file://{tmp_path}/a.zip")
    assert found.paths == [f"zip://d/{name}::file://{tmp_path}/a.zip" for name in ("1.json", "2.ndjson.gz")]
    assert [read(payload) for payload in found.payloads] == [b"{}", b"[]"]


def test_a_compressed_object_is_decompressed(memory: Any) -> None:
    """An object that is compressed reads as what it holds, by its first bytes; how much was read is told."""
    data = gzip.compress(b"{}\n" * 100_000)
    memory.pipe_file("/d/orders", data)
    (payload,) = Found("memory://d/orders").payloads
    with payload.open() as file:
        assert file.readline() == b"{}\n"
        assert len(file.read()) == 299_997
        assert cast("Any", file).stored == len(data)


def test_an_object_that_goes_away_is_told(memory: Any) -> None:
    """An object that is there no more when it is opened is unreadable, with the reason."""
    fill(memory, "/d/1.json")
    (payload,) = Found("memory://d").payloads
    memory.rm("/d/1.json")
    with pytest.raises(UnreadableFile, match=r"memory:///d/1\.json: there is no such file or object"):
        payload.open()


def test_what_goes_wrong_on_the_way_is_told(memory: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a file system raises while it is read is a fault with the reason, behind what came before."""

    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if data := super().read(size):
                return data
            raise RuntimeError("the other end\nis on fire")

    fill(memory, "/d/1.json")
    (payload,) = Found("memory://d/1.json").payloads
    monkeypatch.setattr(type(memory), "open", lambda *_, **__: Broken(b"{}\n"))
    with payload.open() as file:
        stream = cast("io.BufferedReader", file)
        assert stream.read1(10) == b"{}\n"
        with pytest.raises(UnreadableFile, match=r"^memory://d/1\.json: the other end is on fire$"):
            stream.read1(10)


def test_the_web_is_read(web: str, tmp_path: Path) -> None:
    """Files of a web server are read in one go, those of a directory are found by its links."""
    data = b'{"a": 1}\n' * 50_000
    (tmp_path / "d" / "sub").mkdir(parents=True)
    (tmp_path / "d" / "b.ndjson.gz").write_bytes(gzip.compress(data))
    (tmp_path / "d" / "a.txt").write_bytes(b"-")
    (tmp_path / "d" / "sub" / "a.json").write_bytes(b"{}")
    found = Found(f"{web}/d/")
    assert found.paths == [f"{web}/d/b.ndjson.gz", f"{web}/d/sub/a.json"]
    assert read(found.payloads[0]) == data
    assert read(found.payloads[1]) == b"{}"
    assert Found(f"{web}/d/*.gz").paths == [f"{web}/d/b.ndjson.gz"]
    (payload,) = Found(f"{web}/d/a.txt").payloads
    assert (payload.size, payload.explicit) == (1, True)


def test_secrets_of_web_addresses_stay_secret(web: str, tmp_path: Path) -> None:
    """The signature in a URL opens the object, and is shown nowhere."""
    (tmp_path / "private.ndjson.gz").write_bytes(gzip.compress(b"{}"))
    address = web.replace("http://", "http://me:hunter2@")
    found = Found(f"{address}/private.ndjson.gz?sig=sesame")
    (payload,) = found.payloads
    assert payload.path == f"{web}/private.ndjson.gz?***"
    assert payload.suffix == ".ndjson"
    assert "sesame" not in repr(payload)
    assert read(payload) == b"{}"

    wrong = Found(f"{address}/gone.json?sig=hunter3")
    assert wrong.reason == "there is no such file or object"
    assert "hunter" not in str(wrong.faults)


def test_what_the_web_refuses_is_told(web: str, tmp_path: Path) -> None:
    """No permission, and nobody there, are faults that say so."""
    (tmp_path / "private.json").write_bytes(b"{}")
    (payload,) = Found(f"{web}/private.json").payloads  # this server tells more to HEAD than to GET
    with pytest.raises(UnreadableFile, match=r"private\.json: HTTP status 403 Forbidden$"):
        payload.open()
    assert "127.0.0.1" in Found("http://127.0.0.1:1/a.json").reason
