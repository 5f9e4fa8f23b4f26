"""What CI runs, and what runs now and then: `nox` for all of the first, `nox --list` for both."""

import itertools
import os
import shutil
import subprocess
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
    "install",
    "container",
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
def install(session: nox.Session) -> None:
    """Install wheel and sdist on every supported Python that is found, with lowest and newest dependencies."""
    session.install("build", "uv")
    version, folder = built(session), Path(session.create_tmp()).resolve()
    (wheel,), (sdist,) = folder.glob("dist/*.whl"), folder.glob("dist/*.tar.gz")
    check, example = Path("tools/installed.py").resolve(), EXAMPLE.resolve()
    for version_of_python in PYTHONS:
        python = find_python(version_of_python)
        if python is None:
            session.warn(f"Python {version_of_python}: not found, skipped")
            continue
        for distribution, pins in itertools.product((wheel, sdist), ([], lowest_versions())):
            scratch = folder / "venv"
            session.run("uv", "venv", "--quiet", "--clear", "--python", python, str(scratch))
            inside = str(scratch / ("Scripts" if os.name == "nt" else "bin") / "python")
            # A lower bound is no promise where users would have to compile it.
            binary = ("--only-binary", ":all:") if distribution == wheel else ()
            session.run("uv", "pip", "install", "--quiet", "--python", inside, *binary, str(distribution), *pins)
            # Away from the checkout, so that only what is installed can answer.
            with session.chdir(folder):
                session.run(inside, str(check), version, str(example), external=True)


def find_python(version: str) -> str | None:
    """Return the path of an interpreter, from the PATH or from pyenv's folder; None where there is none."""
    pyenv = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser()
    found = [shutil.which(f"python{version}"), *sorted(map(str, pyenv.glob(f"versions/{version}.*/bin/python")))]
    for python in filter(None, found):
        # A version manager's stand-in may exist and fail: only an interpreter that answers counts.
        told = subprocess.run([python, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - found
        if told.stdout.startswith(f"Python {version}."):
            return python
    return None


def built(session: nox.Session) -> str:
    """Build sdist and wheel into `dist` of the session's folder; return their version."""
    folder = Path(session.create_tmp()) / "dist"
    shutil.rmtree(folder, ignore_errors=True)
    session.run("python", "-m", "build", "--outdir", str(folder))
    (wheel,) = folder.glob("*.whl")
    return wheel.name.split("-")[1]


@nox.session(default=False)
def sbom(session: nox.Session) -> None:
    """Write the bill of materials (CycloneDX) of the wheel with its newest dependencies beside wheel and sdist."""
    session.install(*groups("sbom"), "build", "uv")
    version, folder = built(session), Path(session.create_tmp()).resolve()
    (wheel,) = folder.glob("dist/*.whl")
    scratch = folder / "venv"
    session.run("uv", "venv", "--quiet", "--clear", str(scratch))
    inside = str(scratch / ("Scripts" if os.name == "nt" else "bin") / "python")
    session.run("uv", "pip", "install", "--quiet", "--python", inside, str(wheel))
    session.run("python", "tools/sbom.py", inside, str(folder / f"dist/altcraft_contract-{version}.cdx.json"))


@nox.session(default=False)
def audit(session: nox.Session) -> None:
    """Look up known vulnerabilities of the newest dependencies, those of the extras too; needs the network."""
    session.install(*groups("audit"), "uv")
    requirements = Path(session.create_tmp()) / "requirements.txt"
    compiling = ("uv", "pip", "compile", "--quiet", "--all-extras", "--no-header", "--no-emit-index-url")
    session.run(*compiling, "pyproject.toml", "--output-file", str(requirements))
    # --strict: what could not be looked up is no verdict, and so no success.
    pinned = ("--strict", "--no-deps", "--disable-pip", "--requirement", str(requirements))
    session.run("pip-audit", *pinned, *session.posargs)


@nox.session
def container(session: nox.Session) -> None:
    """Check the container file with hadolint."""
    session.install(*groups("container"))
    session.run("hadolint", "Containerfile")


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
    session.run("python", "tools/models.py", "--check")
    session.run("python", "tools/postman.py", "--check")
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
def fuzzing(session: nox.Session) -> None:
    """Fuzz readers, conversion, redaction and hosts with atheris for 30 seconds each; `-- SECONDS` for longer."""
    session.install("-e", ".", *groups("fuzzing"))
    for target in ("readers", "conversion", "redaction", "hosts"):
        session.run("python", "fuzzing/run.py", target, *session.posargs)


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
