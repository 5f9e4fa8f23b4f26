"""Compressed files and streams, sound and broken."""

from __future__ import annotations

import gzip
import io
import os
import pickle
import subprocess
import sys
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import pytest

from altcraft_contract.errors import UnreadableFile
from altcraft_contract.lint.payloads import Payload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

RECORDS = b"".join(b'{"number": %d}\n' % number for number in range(20_000))
SKIPPABLE = b"\x50\x2a\x4d\x18\x03\0\0\0abc"
PACK: dict[str, Callable[[bytes], bytes]] = {".gz": gzip.compress, ".zst": zstd.compress}

each_suffix = pytest.mark.parametrize("suffix", [".gz", ".zst"])


def payload(folder: Path, data: bytes, suffix: str) -> Payload:
    """A compressed file on disk."""
    file = folder / f"orders.ndjson{suffix}"
    file.write_bytes(data)
    return Payload(file.name, file, explicit=True)


def read(payload: Payload) -> tuple[bytes, str | None]:
    """What a payload holds, and why there is no more."""
    parts = []
    try:
        with payload.open() as file:
            stream = cast("io.BufferedReader", file)
            while part := stream.read1(1 << 16):
                parts.append(part)
    except UnreadableFile as fault:
        return b"".join(parts), str(fault).removeprefix(f"{payload.path}: ")
    return b"".join(parts), None


@each_suffix
def test_a_compressed_file_reads_as_what_it_holds(tmp_path: Path, suffix: str) -> None:
    """The stream of a compressed file is that of the file within, and tells how much of the file has been read."""
    data = PACK[suffix](RECORDS)
    packed = payload(tmp_path, data, suffix)
    with packed.open() as file:
        assert file.read() == RECORDS
        assert cast("Any", file).stored == len(data) == packed.size
    with packed.open() as file:
        assert file.readline() == b'{"number": 0}\n'
    assert (packed.suffix, packed.is_plain, packed.is_compressed, packed.is_columnar) == (".ndjson", False, True, False)


@each_suffix
def test_all_members_are_read(tmp_path: Path, suffix: str) -> None:
    """A file of several members, some of them empty, is that of all of them."""
    pack = PACK[suffix]
    lines = [RECORDS[:100], b"", *(b"%d\n" % number for number in range(300)), RECORDS, b""]
    assert read(payload(tmp_path, b"".join(map(pack, lines)), suffix)) == (b"".join(lines), None)


def test_padding_behind_gzip_is_passed_over(tmp_path: Path) -> None:
    """Zeros between members and behind the last, as tapes have them, are nothing."""
    data = gzip.compress(b"a") + bytes(70_000) + gzip.compress(b"b") + bytes(3)
    assert read(payload(tmp_path, data, ".gz")) == (b"ab", None)


def test_frames_that_hold_nothing_for_us_are_passed_over(tmp_path: Path) -> None:
    """Frames of Zstandard that are to be skipped are, also at the beginning."""
    data = SKIPPABLE + zstd.compress(b"a") + SKIPPABLE + zstd.compress(b"b") + SKIPPABLE
    assert read(payload(tmp_path, data, ".zst")) == (b"ab", None)


@each_suffix
@pytest.mark.parametrize("data", [b"", b"{", b"{}\n", RECORDS, b"\x1f", b"P", b"(\xb5/"])
def test_a_file_that_only_says_it_is_compressed_is_read_as_it_is(tmp_path: Path, suffix: str, data: bytes) -> None:
    """Whatever the suffix says, the first bytes decide."""
    assert read(payload(tmp_path, data, suffix)) == (data, None)


@pytest.mark.parametrize(("suffix", "name"), [(".gz", "gzip"), (".zst", "Zstandard")])
def test_a_file_that_is_cut_off_gives_what_there_is(tmp_path: Path, suffix: str, name: str) -> None:
    """What stands before the end of a file that is cut off is read, then the fault is told."""
    data = PACK[suffix](os.urandom(300_000) + RECORDS)
    found, reason = read(payload(tmp_path, data[:-100], suffix))
    assert reason == f"the {name} data is cut off"
    assert len(found) > 300_000

    assert read(payload(tmp_path, data[:6], suffix)) == (b"", reason)
    _, reason = read(payload(tmp_path, data + data[:20], suffix))
    assert reason == f"the {name} data is cut off"


@pytest.mark.parametrize(("suffix", "name"), [(".gz", "gzip"), (".zst", "Zstandard")])
def test_garbage_behind_the_data_is_told_after_it(tmp_path: Path, suffix: str, name: str) -> None:
    """All of a file is read, then what follows it is told."""
    for garbage in (b"x", b"garbage", bytes(4) + b"x"):
        data = PACK[suffix](RECORDS) + garbage
        assert read(payload(tmp_path, data, suffix)) == (RECORDS, f"what follows the {name} data is something else")


def test_what_stands_before_a_damaged_place_of_gzip_is_read(tmp_path: Path) -> None:
    """Not a byte before a damaged place is lost; that the sum of all is wrong is told behind all."""
    data = bytearray(gzip.compress(RECORDS))
    data[-8] ^= 1
    assert read(payload(tmp_path, bytes(data), ".gz")) == (RECORDS, "the gzip data is damaged: incorrect data check")

    stored = bytearray(gzip.compress(os.urandom(1 << 17) + RECORDS, 0))
    stored[1 << 17] ^= 1
    found, reason = read(payload(tmp_path, bytes(stored), ".gz"))
    assert reason is not None
    assert reason.startswith("the gzip data is damaged")
    assert len(found) >= 1 << 17


def test_a_damaged_frame_is_told(tmp_path: Path) -> None:
    """A damaged file of Zstandard is told, not raised as it comes."""
    data = bytearray(zstd.compress(os.urandom(1 << 20)))
    data[600_000] ^= 1
    data[-1] ^= 1
    found, reason = read(payload(tmp_path, zstd.compress(RECORDS) + bytes(data[:5]) + b"\xff" * 90, ".zst"))
    assert found == RECORDS
    assert reason is not None
    assert reason.startswith("the Zstandard data is damaged: ")


def test_a_window_that_takes_much_memory_is_refused(tmp_path: Path) -> None:
    """A frame that wants more than 128 MiB of memory is told."""
    frame = b"\x28\xb5\x2f\xfd\x00" + bytes([20 << 3]) + b"\x01\0\0"
    _, reason = read(payload(tmp_path, frame, ".zst"))
    assert reason is not None
    assert "memory" in reason


@each_suffix
def test_a_bomb_takes_no_memory(tmp_path: Path, suffix: str) -> None:
    """However much a file holds, no more is decompressed than is asked for."""
    member = PACK[suffix](bytes(1 << 24))
    total = 0
    with payload(tmp_path, member * 64, suffix).open() as file:
        stream = cast("io.BufferedReader", file)
        while part := stream.read1(1 << 16):
            assert len(part) <= 1 << 16
            total += len(part)
    assert total == 1 << 30


@each_suffix
def test_a_name_need_not_be_utf_8(tmp_path: Path, suffix: str) -> None:
    """A file whose name is no text is read like others."""
    file = tmp_path / os.fsdecode(b"\xff\xfe.NDJSON" + suffix.upper().encode())
    try:
        file.write_bytes(PACK[suffix](RECORDS))
    except OSError:
        pytest.skip("this file system knows no such names")
    packed = Payload(str(file), file, explicit=True)
    assert packed.suffix == ".ndjson"
    assert read(packed) == (RECORDS, None)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A compressed file that cannot be opened, or is a directory, is unreadable with the reason."""
    missing = Payload("x.gz", tmp_path / "x.gz", explicit=True)
    assert read(missing) == (b"", "no such file or directory")
    (tmp_path / "d.gz").mkdir()
    assert read(missing._replace(file=tmp_path / "d.gz")) == (b"", "is a directory")


def test_what_undoes_zstandard_may_be_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra, a file of Zstandard is unreadable with the remedy."""
    if sys.version_info >= (3, 14):
        pytest.skip("this Python brings it")
    monkeypatch.setitem(sys.modules, "backports", None)
    _, reason = read(payload(tmp_path, zstd.compress(RECORDS), ".zst"))
    assert reason == "backports.zstd is not installed; get it with: pip install 'altcraft-contract[zstd]'"


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[bytes], None]]:
    """What writes to the standard input."""
    reading, writing = os.pipe()
    stream = io.TextIOWrapper(io.BufferedReader(io.FileIO(reading)))
    monkeypatch.setattr(sys, "stdin", stream)
    left = [writing]

    def write(data: bytes) -> None:
        if data:
            os.write(left[0], data)
        else:
            os.close(left.pop())

    yield write
    stream.close()


STANDARD_INPUT = Payload("<stdin>", None, explicit=True)


def test_a_compressed_standard_input_gives_what_is_there(pipe: Callable[[bytes], None]) -> None:
    """What has come through the standard input is read at once, whatever is still to come."""
    packer = zlib.compressobj(wbits=31)
    first, *others = [packer.compress(b"%d\n" % n) + packer.flush(zlib.Z_SYNC_FLUSH) for n in range(3)]
    pipe(first[:1])
    pipe(first[1:])
    stream = cast("io.BufferedReader", STANDARD_INPUT.open().__enter__())
    assert stream.read1(1 << 20) == b"0\n"
    for number, data in enumerate(others, 1):
        pipe(data)
        assert stream.read1(1 << 20) == b"%d\n" % number
    assert stream.fileno() == sys.stdin.fileno()
    pipe(packer.flush())
    pipe(b"")
    assert stream.read1(1 << 20) == b""
    stream.close()
    assert not sys.stdin.closed


@pytest.mark.parametrize("data", [b"", b"{}\n", b"(", b"\x1f", b"Pay", zstd.compress(b"{}")])
def test_the_standard_input_is_told_by_its_first_bytes(pipe: Callable[[bytes], None], data: bytes) -> None:
    """A standard input that is not compressed is read as it is, also if it begins oddly."""
    if data:
        pipe(data)
    pipe(b"")
    assert read(STANDARD_INPUT) == (b"{}" if data.startswith(b"(\xb5") else data, None)


def test_an_open_standard_input_that_is_not_compressed_is_itself(pipe: Callable[[bytes], None]) -> None:
    """The plain standard input is handed on as it is, with its first line there before the second has come."""
    pipe(b"{}\n")
    with STANDARD_INPUT.open() as file:
        assert file is sys.stdin.buffer
        assert file.readline() == b"{}\n"
    pipe(b"")


def test_a_standard_input_from_memory_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A standard input without a file behind it works, too."""
    for data in (gzip.compress(b"{}"), b"{}"):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(cast("BinaryIO", io.BytesIO(data))))
        assert read(STANDARD_INPUT) == (b"{}", None)


def test_a_payload_travels(tmp_path: Path) -> None:
    """A payload that has been sent to another process opens there."""
    packed = pickle.loads(pickle.dumps(payload(tmp_path, gzip.compress(b"{}"), ".gz")))  # noqa: S301 - our own
    assert read(packed) == (b"{}", None)


def test_only_a_regular_file_is_plain(tmp_path: Path) -> None:
    """What cannot be read anywhere in it, such as a pipe, is not plain, and has no size."""
    os.mkfifo(tmp_path / "a.ndjson")
    pipe = Payload("a.ndjson", tmp_path / "a.ndjson", explicit=True)
    assert (pipe.is_plain, pipe.size) == (False, None)
    (tmp_path / "b.ndjson").write_bytes(b"{}")
    file = Payload("b.ndjson", tmp_path / "b.ndjson", explicit=True)
    assert (file.is_plain, file.size) == (True, 2)
    with suppress(UnreadableFile), file._replace(file=tmp_path / "c").open_seekable():
        pytest.fail("there is no such file")


def test_a_plain_file_costs_no_imports(tmp_path: Path) -> None:
    """What only other files need is not imported for a plain one."""
    (tmp_path / "a.ndjson").write_bytes(b"{}")
    script = """
import sys
from altcraft_contract.lint.payloads import iter_payloads
(payload,) = iter_payloads(sys.argv[1:], report=print)
with payload.open() as file:
    file.read()
optional = ("backports", "compression", "fsspec", "gzip", "pyarrow")
print([name for name in sys.modules if name.partition(".")[0] in optional
    or ".sources" in name])
"""
    run = subprocess.run([sys.executable, "-c", script, tmp_path], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
