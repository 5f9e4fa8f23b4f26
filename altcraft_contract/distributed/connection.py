"""The way to a scheduler of Dask, and whether its workers can do this work."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import metadata
from typing import TYPE_CHECKING, Any, Final

from altcraft_contract import __version__
from altcraft_contract.errors import MissingExtra, TargetUnreachable

try:
    from dask.distributed import Client
    from distributed.comm.addressing import get_address_host_port
    from distributed.comm.core import connect
    from distributed.security import Security
except ImportError:
    raise MissingExtra("distributed", "distributed") from None

if TYPE_CHECKING:
    from collections.abc import Iterator

_DISTRIBUTION: Final = "altcraft-contract"
_LOGGERS: Final = ("distributed", "distributed.client", "tornado.application")
_LONGEST: Final = 200  # characters of what Dask says


@contextmanager
def connected(address: str, patience: float) -> Iterator[Any]:
    """A client of the scheduler at *address*, whose workers all have this version of this package.

    Args:
        address: Such as `tcp://127.0.0.1:8786`.
        patience: Seconds until the scheduler has to answer.

    Raises:
        TargetUnreachable: if no scheduler answers, or its workers cannot do this work.
    """
    with _quiet():
        client = _connect(address, patience)
        try:
            _check_workers(client, address)
            yield client
        finally:
            client.close(timeout=1)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask from logging what is told otherwise, with tracebacks, while the cluster is in use."""
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _connect(address: str, patience: float) -> Any:
    _check_address(address)
    try:
        with ThreadPoolExecutor(1) as thread:  # where no other loop runs
            thread.submit(asyncio.run, _knock(address, patience)).result()
        return Client(  # type: ignore[no-untyped-call]  # Dask's
            address, timeout=patience, set_as_default=False, direct_to_workers=False
        )
    except Exception as error:  # noqa: BLE001 - whatever answers there, and however
        raise TargetUnreachable(address, f"no Dask scheduler answers there ({in_one_line(error)})") from None


async def _knock(address: str, patience: float) -> None:
    """Connect, and go: the timeout of a client does not hold if somebody else listens there, who says nothing.

    Raises:
        OSError: if no scheduler answers.
    """
    try:
        security = Security().get_connection_args("client")  # type: ignore[no-untyped-call]  # Dask's
        connecting = connect(address, timeout=patience, **security)  # type: ignore[no-untyped-call]  # as above
        comm = await asyncio.wait_for(connecting, patience + 1)
    except TimeoutError:
        raise OSError("who listens there says nothing that Dask understands") from None
    await comm.close()


def _check_address(address: str) -> None:
    """Refuse what leads nowhere: a client that was never connected cannot be closed.

    Raises:
        TargetUnreachable: if this is no address.
    """
    try:
        get_address_host_port(address, strict=True)
    except Exception as error:  # noqa: BLE001 - Dask has no class for these
        reason = f"is no address of a Dask scheduler, such as tcp://scheduler:8786 ({in_one_line(error)})"
        raise TargetUnreachable(address, reason) from None
    if address.startswith("tls://"):
        arguments = Security().get_connection_args("client")  # type: ignore[no-untyped-call]  # Dask's
        if arguments.get("ssl_context") is None:
            reason = "TLS needs certificates: name them in Dask's configuration, at distributed.comm.tls"
            raise TargetUnreachable(address, reason)


def _check_workers(client: Any, address: str) -> None:
    """Refuse workers that would fail, or judge by other rules.

    Raises:
        TargetUnreachable: if there is none, or one of them has another version of this package, or none.
    """
    if not count_threads(client):
        raise TargetUnreachable(address, f"the scheduler has no worker; start one with: dask worker {address}")
    # A function of the standard library is found on every worker, whatever it lacks.
    for worker, version in client.run(metadata.version, _DISTRIBUTION, on_error="return").items():
        if version != __version__:
            has = f"{_DISTRIBUTION} {version}" if isinstance(version, str) else f"no {_DISTRIBUTION}"
            raise TargetUnreachable(address, f"worker {worker} has {has}, and this is {__version__}; install the same")


def count_threads(client: Any) -> int:
    """How many parts the workers can check at once."""
    return int(sum(client.nthreads().values()))


def in_one_line(error: BaseException) -> str:
    """What Dask, or another library, says, for people."""
    text = " ".join(str(error).split())[:_LONGEST]
    return text or type(error).__name__
