"""Which certificates of a target are trusted."""

from __future__ import annotations

import ssl

from altcraft_contract.errors import UnreadableFile


def make_tls_context(*, ca_file: str | None = None, is_insecure: bool = False) -> ssl.SSLContext:
    """What is trusted: the certificates that httpx brings along, those of the system, and those of the user.

    Args:
        ca_file: Certificates, in PEM.
        is_insecure: Whether any certificate is taken.

    Raises:
        UnreadableFile: if the file of certificates cannot be used.
    """
    import httpx  # noqa: PLC0415 - only targets that are encrypted need it, and it is slow to load

    context: ssl.SSLContext = httpx.create_ssl_context(verify=not is_insecure, trust_env=False)
    if is_insecure:
        return context
    context.load_default_certs()
    if ca_file is not None:
        try:
            context.load_verify_locations(cafile=ca_file)
        except ssl.SSLError:
            raise UnreadableFile(ca_file, "holds no certificates in PEM") from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise UnreadableFile(ca_file, reason.lower()) from None
    return context
