"""Names of objects elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from altcraft_contract.lint.bulk.sources.urls import is_url, reason_of_url, redact_url


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("s3://bucket/a.json", True),
        ("simplecache::s3://bucket/a.json", True),
        ("zip://*.json::https://host/a.zip", True),
        ("FILE:///a.json", True),
        ("a.json", False),
        ("orders 12:30.json", False),
        ("a::b", False),
        ("C:/a.json", False),
        ("C://a.json", False),
        ("./s3://a.json", False),
        ("://", False),
    ],
)
def test_urls_are_told_from_paths(path: str, expected: bool) -> None:
    """What begins with a scheme is a URL."""
    assert is_url(path) is expected


def test_a_file_counts_more_than_a_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is called like a URL is that file."""
    monkeypatch.chdir(tmp_path)
    Path("s3:").mkdir()
    Path("s3:/a.json").touch()
    assert not is_url("s3://a.json")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("s3://bucket/a.json", "s3://bucket/a.json"),
        ("s3://AKIA:sec/r+et@bucket/a.json", "s3://bucket/a.json"),
        ("ftp://me@host/a@b.json", "ftp://host/a@b.json"),
        ("http://me:p@ss@host:8080/a.json", "http://host:8080/a.json"),
        ("http://host:8080/a@b.json", "http://host:8080/a@b.json"),
        ("https://host/a.json?X-Amz-Signature=1&b", "https://host/a.json?***"),
        ("https://host/a.json?opaque", "https://host/a.json?***"),
        ("gs://bucket/a-?.json", "gs://bucket/a-?.json"),
        ("abfs://c/a.json?sig=1", "abfs://c/a.json?***"),
        ("zip://a.json::https://u:p@host/a.zip?sig=1", "zip://a.json::https://host/a.zip?***"),
    ],
)
def test_what_is_secret_in_a_url_is_left_out(url: str, expected: str) -> None:
    """Credentials and signatures of a URL are shown to nobody."""
    assert redact_url(url) == expected


def test_a_reason_holds_no_secret() -> None:
    """What a file system says is one line, without what is secret in the URL it was given, in whatever form."""
    url = "s3://AKIAKEY:se%2Fcret@bucket/a.json?token=abcdef"
    error = RuntimeError(f"cannot\nget {url} as AKIAKEY with se/cret or token=abcdef, {'x' * 500}")
    reason = reason_of_url(error, url)
    assert reason.startswith("cannot get s3://bucket/a.json?*** as *** with *** or ***, xxx")
    assert len(reason) <= 300


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (FileNotFoundError("https://host/a"), "there is no such file or object"),
        (PermissionError("Access Denied"), "permission denied"),
        (TimeoutError(), "no answer in time"),
        (OSError(5, "Input/output error"), "Input/output error"),
        (KeyError(), "KeyError"),
    ],
)
def test_common_reasons_are_words(error: Exception, expected: str) -> None:
    """What often goes wrong is said in words."""
    assert reason_of_url(error, "s3://bucket/a") == expected
