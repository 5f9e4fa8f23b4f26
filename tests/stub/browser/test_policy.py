"""The live page as it is sent, without a browser."""

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest

from altcraft_contract.stub import page as page_module
from altcraft_contract.stub.page import PageKind, load_page

KINDS: tuple[PageKind, ...] = ("stub", "proxy")


@pytest.mark.parametrize("kind", KINDS)
def test_policy_lets_in_the_script_and_the_style_of_the_page_alone(kind: PageKind) -> None:
    """The policy names one script and one style by their hashes, and nothing that would let in any other."""
    page, policy = load_page(kind)

    for tag, pattern in (("script", rb"<script[^>]*>(.*?)</script>"), ("style", rb"<style>(.*?)</style>")):
        (content,) = re.findall(pattern, page, re.DOTALL)
        assert f"{tag}-src 'sha256-{b64encode(sha256(content).digest()).decode()}'" in policy.split("; ")
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("kind", KINDS)
def test_page_says_what_kind_it_is(kind: PageKind) -> None:
    """The page of either kind says in its root element which it is."""
    page, _ = load_page(kind)

    assert f'<html lang="en" data-kind="{kind}">'.encode() in page


def test_page_names_no_other_host() -> None:
    """The page holds no address but the name of the SVG namespace, which nobody fetches."""
    page, _ = load_page("stub")

    assert set(re.findall(rb"https?:|//[a-z]\S+", page)) <= {b"http:", b"//www.w3.org/2000/svg'"}
    assert page.count(b"http:") == page.count(b"http://www.w3.org/2000/svg")


def test_page_writes_foreign_text_as_text() -> None:
    """The script knows no way to turn text into markup."""
    page, _ = load_page("stub")

    assert not re.search(rb"innerHTML|outerHTML|insertAdjacentHTML|document\.write|srcdoc|\beval\(|new Function", page)


def test_line_ends_of_a_checkout_do_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that a checkout has given CRLF is sent with LF, which is what a browser hashes."""
    expected = load_page("stub")
    (tmp_path / "page.html").write_bytes(expected[0].replace(b"\n", b"\r\n"))
    monkeypatch.setattr(page_module, "files", lambda _: tmp_path)

    assert page_module.load_page.__wrapped__("stub") == expected
