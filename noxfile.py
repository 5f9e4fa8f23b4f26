"""What CI runs, and what runs now and then: `nox` for all of the first, `nox --list` for both."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import nox
from packaging.requirements import Requirement

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "virtualenv"
nox.options.error_on_missing_interpreters = False
nox.options.download_python = "never"

PROJECT = nox.project.load_toml("pyproject.toml")
PYTHONS = nox.project.python_versions(PROJECT)
RUNNING = f"{sys.version_info.major}.{sys.version_info.minor}"
SAMPLE = nox.project.load_toml("examples/client/pyproject.toml")
SAMPLE_TESTS = [text for text in nox.project.dependency_groups(SAMPLE, "tests") if text != PROJECT["project"]["name"]]
EXAMPLE = Path("schemas/v75/examples/request.json")
# One worker a core; the tests that share a built distribution share a worker.
PYTEST = ("pytest", "-n", "auto", "--dist", "loadgroup")
CHEAP = ("-m", "not costly")

nox.options.sessions = [
    "tests",
    *(f"tests_all-{version}" for version in PYTHONS if version != RUNNING),
    "lowest",
    "lint",
    "types",
    "layers",
    "package",
    "example",
    "hooks",
    "openapi",
    "docs",
    "site",
]


def groups(*names: str) -> tuple[str, ...]:
    """Return the requirements of the named dependency groups."""
    return nox.project.dependency_groups(PROJECT, *names)


def lowest_versions() -> list[str]:
    """Pin every dependency of the package to its lower bound.

    Returns:
        Requirements such as `click==8.2`.

    Raises:
        ValueError: A dependency has no lower bound, or two.
    """
    pins = []
    for text in PROJECT["project"]["dependencies"]:
        requirement = Requirement(text)
        (bound,) = (part.version for part in requirement.specifier if part.operator == ">=")
        pins.append(f"{requirement.name}=={bound}")
    return pins


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests on the interpreter that runs nox."""
    session.install("-e", ".", *groups("tests"))
    session.run(*PYTEST, *session.posargs)


@nox.session(python=PYTHONS)
def tests_all(session: nox.Session) -> None:
    """Run the tests on every supported Python that is installed, but for those that start a cluster or Locust."""
    session.install("-e", ".", *groups("tests"))
    session.run(*PYTEST, *CHEAP, *session.posargs)


@nox.session
def lowest(session: nox.Session) -> None:
    """Run the tests with the lowest versions of the dependencies that the package promises to work with."""
    session.install("-e", ".", *groups("tests"), *lowest_versions())
    session.run(*PYTEST, *CHEAP, *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and format with ruff."""
    session.install(*groups("lint"))
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")


@nox.session
def types(session: nox.Session) -> None:
    """Check types with mypy."""
    session.install("-e", ".", *groups("tests", "types"))
    session.run("mypy", *session.posargs)


@nox.session
def layers(session: nox.Session) -> None:
    """Check that imports inside the package point down."""
    session.install("-e", ".", *groups("layers"))
    session.run("lint-imports")


@nox.session
def package(session: nox.Session) -> None:
    """Build sdist and wheel, compare them, and lint an example with what each kind of install gives."""
    session.install("-e", ".", *groups("tests", "package"))
    built = Path(session.create_tmp()) / "dist"
    shutil.rmtree(built, ignore_errors=True)
    session.run("python", "-m", "build", "--outdir", str(built))
    session.run("pytest", "tests/packaging", env={"BUILT_DISTRIBUTIONS": str(built.resolve())})

    (wheel,) = built.resolve().glob("*.whl")
    editable = Path(session.bin).resolve() / "altcraft-contract"
    example = EXAMPLE.resolve()
    # Away from the checkout, so that only what is installed can answer.
    with tempfile.TemporaryDirectory() as outside, session.chdir(outside):
        shutil.copy(example, outside)
        session.run("python", "-m", "venv", "venv")
        scripts = Path(outside) / "venv" / ("Scripts" if os.name == "nt" else "bin")
        session.run(str(scripts / "python"), "-m", "pip", "install", "--quiet", str(wheel), external=True)
        for command in (scripts / "altcraft-contract", editable):
            session.run(str(command), "lint", example.name, external=True)


@nox.session
def example(session: nox.Session) -> None:
    """Run the tests of the sample client repository, with what a client repository installs, alone and with xdist."""
    session.install(".", "./examples/client", *SAMPLE_TESTS, "pytest-xdist")
    with session.chdir("examples/client"):
        session.run("pytest", *session.posargs)
        session.run("pytest", "-n", "2", "--altcraft-coverage-fail-under", "60", *session.posargs)


@nox.session
def hooks(session: nox.Session) -> None:
    """Run the hooks for pre-commit in a scratch repository, as the README has them."""
    session.install(".", *groups("tests", "hooks"))
    session.run("pytest", "-p", "no:cacheprovider", "tests/hooks", *session.posargs)


@nox.session
def openapi(session: nox.Session) -> None:
    """Put the OpenAPI document into the hands of other tools: a validator, and Schemathesis against the stub."""
    session.install("-e", ".", *groups("tests"))
    tools = Path(session.create_tmp()).resolve() / "tools"
    programs = tools / ("Scripts" if os.name == "nt" else "bin")
    session.run("python", "-m", "venv", str(tools))
    session.run(str(programs / "python"), "-m", "pip", "install", "--quiet", *groups("openapi"), external=True)
    session.run(
        "pytest", "-p", "no:cacheprovider", "tests/openapi", *session.posargs, env={"OPENAPI_TOOLS": str(programs)}
    )


@nox.session
def docs(session: nox.Session) -> None:
    """Check that the generated tables and schemas are what the code would generate now."""
    session.install("-e", ".", *groups("tests"))
    session.run("python", "tools/reference.py", "--check")
    session.run("python", "tools/xsd10.py", "--check")
    session.run("python", "tools/openapi.py", "--check")
    session.run("python", "tools/comparison.py", "--check")
    session.run("python", "tools/configuration_schema.py", "--check")


@nox.session
def site(session: nox.Session) -> None:
    """Build the site of the documentation, warnings being errors, and look at every page in a browser."""
    session.install("-e", ".", *groups("tests", "site"))
    session.run("pytest", "-p", "no:cacheprovider", "tests/site", *session.posargs)


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """Measure speed and memory, as ratios against peers in the same run."""
    session.install("-e", ".", *groups("bench"))
    session.run("python", "benchmarks/run.py", *session.posargs)


@nox.session(default=False)
def pictures(session: nox.Session) -> None:
    """Make the pictures of the README anew; needs chromium."""
    session.install("-e", ".", *groups("pictures"))
    session.run("python", "tools/pictures.py")


@nox.session(default=False)
def nightly(session: nox.Session) -> None:
    """Run all tests, the long ones too, with many fresh examples for every property."""
    session.install("-e", ".", *groups("tests"))
    marks = ("-m", "nightly or not nightly")
    session.run(*PYTEST, *marks, *session.posargs, env={"HYPOTHESIS_PROFILE": "nightly"})
