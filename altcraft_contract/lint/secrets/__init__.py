"""Secrets that were left in files: real-looking tokens, e-mail addresses and telephone numbers."""

from __future__ import annotations

from altcraft_contract.lint.secrets.allow_list import NOTHING_ALLOWED, Allowed, read_allowed
from altcraft_contract.lint.secrets.check import check_secrets, merge, text_of

__all__ = ["NOTHING_ALLOWED", "Allowed", "check_secrets", "merge", "read_allowed", "text_of"]
