"""The bill of materials tells what the package brings, and nothing of the machine that wrote it."""

import json

import pytest

from tools.sbom import complete_bill, find_local, render_bill


def make_bill(**members: object) -> dict:
    """Return a bill as cyclonedx-py gives it: a package with one dependency, which came from a mirror."""
    dependency = {
        "bom-ref": "click==8.5.1",
        "name": "click",
        "externalReferences": [
            {"type": "distribution", "url": "https://mirror.example.com/click-8.5.1.whl"},
            {"type": "website", "url": "https://click.example.org/"},
        ],
    }
    return {
        "metadata": {"component": {"bom-ref": "root-component", "name": "altcraft-contract"}},
        "components": [dependency],
        "dependencies": [{"ref": "root-component", "dependsOn": ["click==8.5.1"]}],
        **members,
    }


def test_package_has_a_version_and_a_purl() -> None:
    """The bill names the version of the package and its package URL."""
    bill = complete_bill(make_bill(), "1.2.3")

    assert bill["metadata"]["component"]["version"] == "1.2.3"
    assert bill["metadata"]["component"]["purl"] == "pkg:pypi/altcraft-contract@1.2.3"


def test_places_of_download_are_taken_out() -> None:
    """The bill does not tell from where a package was downloaded, and keeps what its authors say of it."""
    text = render_bill(complete_bill(make_bill(), "1.2.3"))

    assert "mirror.example.com" not in text
    assert json.loads(text)["components"][0]["externalReferences"] == [
        {"type": "website", "url": "https://click.example.org/"}
    ]


def test_a_bill_without_dependencies_is_none() -> None:
    """An environment that does not hold the dependencies gives no bill."""
    with pytest.raises(LookupError, match="no dependencies of altcraft-contract"):
        complete_bill(make_bill(dependencies=[{"ref": "root-component"}]), "1.2.3")


@pytest.mark.parametrize(
    "url",
    [
        "file:///srv/wheels/click.whl",
        "/home/someone/click",
        "/tmp/click",  # noqa: S108 - no file is made
        "C:\\\\wheels",
        "https://name@example.com/click",
        "http://10.0.0.1/simple",
        "https://mirror:3141/simple",
        "http://mirror/simple",
        "https://mirror.example.com:8443/simple",
    ],
)
def test_what_tells_of_the_machine_is_found(url: str) -> None:
    """Paths, users, addresses and hosts without a public name are found in a bill."""
    assert find_local(render_bill(make_bill(note=url))) is not None


@pytest.mark.parametrize(
    "url", ["https://example.com/a/tmp/b", "pkg:pypi/click@8.5.1", "https://example.com/usr/x#y", "a/b"]
)
def test_what_authors_say_is_no_machine(url: str) -> None:
    """Public addresses and package URLs stay."""
    assert find_local(render_bill(make_bill(note=url))) is None
