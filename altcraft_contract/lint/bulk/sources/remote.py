"""Objects that fsspec reaches: found, and opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from altcraft_contract.errors import MissingExtra, UnreadableFile
from altcraft_contract.lint.bulk.sources.streams import Source, opened_stream
from altcraft_contract.lint.bulk.sources.urls import reason_of_url, redact_url

if TYPE_CHECKING:
    from collections.abc import Hashable
    from typing import BinaryIO

_BLOCK: Final = 1 << 22  # bytes that are fetched at once
_MAGIC: Final = "*?["
_WEB_MAGIC: Final = "*["  # a question mark begins the query
_SILENCE: Final = 60  # seconds after which a web server no longer counts as alive
_PACKAGES: Final = {"libarchive": "libarchive-c"}  # those that are not called as their module


class Entry(NamedTuple):
    """A file or a directory elsewhere.

    Attributes:
        key: Its name in the file system.
        size: In bytes, if that is known.
        is_directory: Whether it holds others.
    """

    key: str
    size: int | None
    is_directory: bool


class Place:
    """What a URL names.

    Args:
        url: The URL.

    Attributes:
        url: The same.
        key: What it names, in the file system.
        is_web: Whether that is the web.
        name: The path in the file system.

    Raises:
        UnreadableFile: if there is no way to it; also by each method.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._fs, self.key = _connect(url)
        protocols = self._fs.protocol
        self._protocols = (protocols,) if isinstance(protocols, str) else tuple(protocols)
        self.is_web = "http" in self._protocols
        self.name = _web_path(self.key) if self.is_web else self.key

    @property
    def is_local(self) -> bool:
        """Whether it lies on this machine, as a file like others."""
        return "file" in self._protocols

    @property
    def is_pattern(self) -> bool:
        """Whether it stands for all that match it."""
        return any(sign in self.name for sign in (_WEB_MAGIC if self.is_web else _MAGIC))

    def identity(self, key: str) -> Hashable:
        """One name for all that lead to the same object."""
        return self._fs, key

    def path_of(self, key: str) -> str:
        """What to call an object, without what is secret."""
        if key == self.key:
            return redact_url(self.url)
        _, separator, rest = self.url.partition("::")
        name = key if self.is_web else self._fs.unstrip_protocol(key)
        return redact_url(f"{name}{separator}{rest}")

    def look(self) -> Entry:
        """What there is at this place."""
        if self.is_web and (self.key.endswith("/") or not self.name):
            return Entry(self.key, None, is_directory=True)
        try:
            return _entry(self._fs.info(self.key))
        except Exception as error:
            raise self._fault(error) from error

    def matches(self) -> list[Entry]:
        """What matches this pattern, in the order of names."""
        try:
            found = self._fs.glob(self.key, detail=True)
        except Exception as error:
            raise self._fault(error) from error
        entries = [_entry({"name": name, **info}) for name, info in sorted(found.items())]
        # Two stars match directories and what lies in them.
        return [entry for entry in entries if not ("**" in self.name and entry.is_directory)]

    def listing(self, key: str) -> list[Entry]:
        """What lies in a directory, in the order of names."""
        try:
            found = self._fs.ls(key, detail=True)
        except Exception as error:
            raise self._fault(error) from error
        entries = sorted(_entry(info) for info in found)
        return [entry for entry in entries if entry.key.rstrip("/") != key.rstrip("/")]

    def open(self, key: str, size: int | None, *, seekable: bool = False) -> Any:
        """Open an object for reading: from its start to its end, or anywhere."""
        options: dict[str, Any] = {"block_size": _BLOCK}
        if self.is_web:
            options = {"block_size": _BLOCK if seekable else 0, "size": size}
        try:
            return self._fs.open(key, "rb", **options)
        except Exception as error:
            raise self._fault(error, key) from error

    def _fault(self, error: Exception, key: str | None = None) -> UnreadableFile:
        return UnreadableFile(self.path_of(key or self.key), reason_of_url(error, self.url))


def _web_path(url: str) -> str:
    """What stands in *url* behind the host and before the query."""
    return url.partition("://")[2].partition("/")[2].partition("?")[0]


def _entry(info: dict[str, Any]) -> Entry:
    return Entry(info["name"], info.get("size"), is_directory=info.get("type") == "directory")


def _connect(url: str) -> tuple[Any, str]:
    try:
        from fsspec.core import url_to_fs  # noqa: PLC0415 - most runs stay on this machine
    except ImportError:
        raise UnreadableFile(redact_url(url), str(MissingExtra("remote", "fsspec"))) from None
    options: dict[str, Any] = {}
    try:
        if url.startswith(("http://", "https://")):
            from aiohttp import ClientTimeout  # noqa: PLC0415 - as above

            # Streams take as long as they take, unless nothing comes any more.
            timeout = ClientTimeout(total=None, sock_connect=_SILENCE, sock_read=_SILENCE)
            options["client_kwargs"] = {"timeout": timeout}
        found, key = url_to_fs(url, **options)
    except ImportError as error:
        raise UnreadableFile(redact_url(url), _remedy(error)) from error
    except Exception as error:
        raise UnreadableFile(redact_url(url), reason_of_url(error, url)) from error
    return found, key


def _remedy(error: ImportError) -> str:
    """Which package is missing."""
    missing = error if error.name is not None else error.__cause__
    name = getattr(missing, "name", None)
    if name is None:
        return " ".join(str(error).split())
    module = name.partition(".")[0]
    return f"{module} is not installed; get it with: pip install {_PACKAGES.get(module, module.replace('_', '-'))}"


def open_object(url: str, key: str | None, size: int | None) -> BinaryIO:
    """Open an object from its start to its end, decompressed.

    Args:
        url: How to reach its file system.
        key: Its name there; None if the URL names it.
        size: In bytes, if that is known.

    Raises:
        UnreadableFile: if that is not possible.
    """
    place = Place(url)
    key = place.key if key is None else key
    opened = place.open(key, size)
    return opened_stream(
        Source(place.path_of(key), opened.read, reason_of=lambda error: reason_of_url(error, url), close=opened.close)
    )
