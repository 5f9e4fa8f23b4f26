"""Which hosts orders may be sent to; no name is ever looked up."""

from __future__ import annotations

import pytest

from altcraft_contract.errors import ConfigurationFault
from altcraft_contract.target.allow_list import check_allowed


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        pytest.fail("a name was looked up")

    monkeypatch.setattr("socket.getaddrinfo", fail)


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST",
        "localhost.",
        "127.0.0.1",
        "127.0.0.1:8075",
        "127.255.255.254",
        "[::1]",
        "[0:0:0:0:0:0:0:1]:8075",
    ],
)
def test_this_machine_is_allowed(host: str) -> None:
    """The loopback needs no permission, by whatever plain name and port."""
    assert check_allowed(f"http://{host}/").scheme == "http"


@pytest.mark.parametrize(
    "host",
    [
        "staging.example.com",
        "localhost.example.com",
        "localhost..",
        "127.0.0.1.example.com",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.0.0.01",
        "0.0.0.0",  # noqa: S104 - refused, not bound
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:10.0.0.1]",
        "[::127.0.0.1]",
        "10.0.0.1",
        "128.0.0.1",
        "169.254.169.254",
        "xn--lcalhost-54a",
        "lоcalhost",  # noqa: RUF001 - with a Cyrillic letter
    ],
)
def test_any_other_host_is_refused(host: str) -> None:
    """What is not plainly this machine is refused before anything is looked up or sent."""
    with pytest.raises(ConfigurationFault):
        check_allowed(f"http://{host}/")


def test_a_refusal_is_one_line_that_names_the_option() -> None:
    """Who meant it reads what to add."""
    with pytest.raises(ConfigurationFault) as raised:
        check_allowed("https://Staging.Example.com/api", option="--altcraft-allow-host")
    assert str(raised.value) == (
        "the URL of the target: staging.example.com is not this machine and is not allowed; "
        "if orders may be sent there, add --altcraft-allow-host staging.example.com"
    )


@pytest.mark.parametrize(
    ("url", "entry"),
    [
        ("https://staging.example.com/", "staging.example.com"),
        ("https://STAGING.example.com:8443/x", "Staging.Example.COM"),
        ("https://staging.example.com./", "staging.example.com"),
        ("https://staging.example.com/", " staging.example.com. "),
        ("https://staging.example.com/", "staging.example.com:443"),
        ("http://staging.example.com:8080/", "staging.example.com:8080"),
        ("https://почта.рф/", "почта.рф"),
        ("https://почта.рф/", "xn--80a1acny.xn--p1ai"),
        ("https://xn--80a1acny.xn--p1ai/", "ПОЧТА.рф:443"),
        ("http://10.0.0.1/", "10.0.0.1"),
        ("http://[2001:db8::1]:81/", "2001:DB8:0::1"),
        ("http://[2001:db8::1]:81/", "[2001:db8::1]:81"),
        ("http://[2001:db8::1]:81/", "[2001:db8::1]"),
    ],
)
def test_a_named_host_is_allowed(url: str, entry: str) -> None:
    """Case, the dot of the root, IDNA and the form of an address make no difference; a port counts if it is named."""
    assert check_allowed(url, ["other.example.com", entry]).host


@pytest.mark.parametrize(
    ("url", "entry"),
    [
        ("https://staging.example.com/", "example.com"),
        ("https://example.com/", "staging.example.com"),
        ("https://evilstaging.example.com/", "staging.example.com"),
        ("https://staging.example.com.evil.example/", "staging.example.com"),
        ("https://staging.example.com:8443/", "staging.example.com:443"),
        ("http://staging.example.com/", "staging.example.com:443"),
    ],
)
def test_a_host_is_allowed_by_its_whole_name_only(url: str, entry: str) -> None:
    """Neither a parent nor a child of an allowed host is allowed, nor another port than the one that is named."""
    with pytest.raises(ConfigurationFault, match="not allowed"):
        check_allowed(url, [entry])


def test_a_refused_port_is_told() -> None:
    """Who allowed one port reads that it is another, and what to add for it."""
    with pytest.raises(ConfigurationFault, match=r"\(only port 443\); .* staging\.example\.com:8443$"):
        check_allowed("https://staging.example.com:8443/", ["staging.example.com:443"])


@pytest.mark.parametrize(
    "entry",
    [
        "",
        " ",
        "*",
        "*.example.com",
        "https://example.com",
        "example.com/api",
        "a b",
        "user@example.com",
        "a:b",
        "[::1",
        "a:0",
        "x?y",
    ],
)
def test_an_entry_that_is_no_host_is_refused(entry: str) -> None:
    """Wildcards, URLs and what is no host are faults, even if the target would be allowed anyway."""
    with pytest.raises(ConfigurationFault, match=r"^--allow-host: .*expected a host"):
        check_allowed("http://localhost/", [entry])
