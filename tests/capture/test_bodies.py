"""Bodies are freed of their encodings, and never taken for whole when they are not."""

from __future__ import annotations

import gzip
import io
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altcraft_contract.capture.bodies import Passing, TeeFile, decode, peek, read_chunks
from altcraft_contract.endpoint import path_of


@given(st.lists(st.binary(min_size=1)), st.data())
def test_chunks_there_and_back(pieces: list[bytes], data: st.DataObject) -> None:
    """What is framed is read back; cut anywhere before its last chunk, it is not whole."""
    framed = b"".join(b"%X;a=b\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
    assert read_chunks(framed) == (b"".join(pieces), True)
    cut = data.draw(st.integers(0, len(framed) - 5))
    assert not read_chunks(framed[:cut])[1]


@given(st.binary())
def test_any_bytes_are_read(framed: bytes) -> None:
    """Nothing that calls itself chunked makes the reading fail."""
    read_chunks(framed)
    decode(framed, [("Content-Encoding", "gzip, deflate")])


@given(st.binary())
def test_encodings_there_and_back(body: Any) -> None:
    """gzip, in several members, and both readings of deflate."""
    for encoding, encoded in {
        "gzip": gzip.compress(body[:9], mtime=0) + gzip.compress(body[9:]),
        "deflate": zlib.compress(body),
        "Deflate": zlib.compress(body, wbits=-15),
        "gzip, deflate": zlib.compress(gzip.compress(body, mtime=0)),
    }.items():
        assert decode(encoded, [("content-encoding", encoding)]) == (body, None)


@pytest.mark.parametrize(
    ("body", "encoding"), [(b"plain", "gzip"), (gzip.compress(b"x", mtime=0)[:-4], "gzip"), (b"x", "rot13")]
)
def test_what_cannot_be_decoded_has_a_reason(body: Any, encoding: str) -> None:
    """There is no body, and the reason names the encoding."""
    decoded, reason = decode(body, [("Content-Encoding", encoding)])
    assert decoded is None
    assert encoding in str(reason)


@given(st.binary(), st.lists(st.tuples(st.sampled_from(["read", "read1", "readline", "readinto"]), st.integers(0, 9))))
def test_a_tee_is_the_file(content: bytes, steps: list[tuple[str, int]]) -> None:
    """Every way of reading gives what the file gives, and all of it is noted."""
    file, passing = io.BytesIO(content), Passing()
    tee = TeeFile(io.BytesIO(content), passing)
    for name, size in steps:
        argument = [bytearray(size), bytearray(size)] if name == "readinto" else [size, size]
        assert getattr(tee, name)(argument[0]) == getattr(file, name)(argument[1])
    assert tee.read() == file.read()
    assert passing.whole("reading it") == (content, None)


def test_a_file_is_left_where_it_was() -> None:
    """Peeking at a file moves nothing; what can be read only once is not peeked at."""
    file, once = io.BytesIO(b"0file"), iter([b"1"])
    file.seek(1)
    assert peek(file) == (b"file", None)
    assert file.tell() == 1
    assert peek(io.StringIO("\xe9"), "latin-1") == (b"\xe9", None)
    assert peek(once)[0] is None
    assert next(once) == b"1"


@pytest.mark.parametrize("url", ["http://h/a/b", "https://u:p@[::1]:8/a//b/", "/a/./x/../b?q=/c", "http://h/%61/b#/c"])
def test_spellings_of_a_path(url: str) -> None:
    """Escapes, dots, empty segments, query and fragment make no other path."""
    assert path_of(url) == "/a/b"
