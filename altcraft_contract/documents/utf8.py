"""Bytes to text: UTF-8 and nothing else."""

from __future__ import annotations

from altcraft_contract.documents.problem import Malformed


def decode_utf8(data: bytes) -> str:
    """The text of *data*.

    Raises:
        Malformed: if *data* is not UTF-8.
    """
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        offset = len(data[: error.start].decode())
        raise Malformed(offset, f"not UTF-8: {_what_else(data, error.start)}", "encode the body as UTF-8") from None


def _what_else(data: bytes, at: int) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "the body looks like UTF-16"
    return f"byte 0x{data[at]:02X} at byte {at + 1}"
