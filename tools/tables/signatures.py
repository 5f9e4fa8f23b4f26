"""Signatures as they stand in the source."""

from __future__ import annotations

import ast
import inspect
from importlib import import_module
from textwrap import dedent, indent
from typing import TYPE_CHECKING, Final

from altcraft_contract import strategies, testing, validation
from altcraft_contract.stub import Journal, Proxy, ProxyServer, Stub, StubServer
from altcraft_contract.stub.server import Served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

WIDTH: Final = 90  # characters of arguments that stand on one line
LINE: Final = 120  # characters of a whole signature that stands on one line
PUBLIC: Final[Mapping[str, tuple[str, ...]]] = {
    "altcraft_contract.validation": tuple(name for name in validation.__all__ if name.islower()),
    "altcraft_contract.conversion": ("to_xml", "from_xml", "convert"),
    "altcraft_contract.contract": ("load_contract",),
    "altcraft_contract.strategies": tuple(name for name in strategies.__all__ if name.islower()),
}
TESTING: Final[Mapping[str, tuple[str, ...]]] = {
    "altcraft_contract.testing": tuple(name for name in testing.__all__ if name.islower()),
}


def iter_functions(public: Mapping[str, tuple[str, ...]] = PUBLIC) -> Iterator[str]:
    """Yield the signatures of the public functions of some modules."""
    for name, functions in public.items():
        yield from (f"From `{name}`:", "", "```pyi")
        for function in functions:
            yield show_signature(getattr(import_module(name), function))
        yield from ("```", "")


def iter_classes() -> Iterator[str]:
    """Yield the signatures of the classes that a test of a client meets, and of their public methods."""
    yield "```pyi"
    for number, of in enumerate((Stub, Proxy, Served, StubServer, ProxyServer, Journal)):
        yield from [""] * (number > 0)
        bases = ", ".join(base.__name__ for base in of.__bases__ if base is not object)
        yield f"class {of.__name__}{f'({bases})' if bases else ''}:"
        for name, member in vars(of).items():
            if inspect.isfunction(member) and (name == "__init__" or not name.startswith("_")):
                yield indent(show_signature(member), "    ")
    yield "```"


def show_signature(function: Callable[..., object]) -> str:
    """Return the signature of a function, on one line if that is short enough."""
    (node,) = ast.parse(dedent(inspect.getsource(inspect.unwrap(function)))).body
    if not isinstance(node, ast.FunctionDef) or node.returns is None:
        raise LookupError(function)
    listed = list(iter_arguments(node.args))
    arguments = ", ".join(listed)
    result = ast.unparse(node.returns).replace("'", '"')
    if len(arguments) > WIDTH or len(f"def {node.name}({arguments}) -> {result}: ...") > LINE:
        arguments = "".join(f"\n    {argument}," for argument in listed) + "\n"
    return f"def {node.name}({arguments}) -> {result}: ..."


def iter_arguments(arguments: ast.arguments) -> Iterator[str]:
    """Yield the arguments of a function, with annotations and defaults."""
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults = [*(None for _ in positional[len(arguments.defaults) :]), *arguments.defaults]
    for argument, default in zip(positional, defaults, strict=True):
        yield show_argument(argument, default)
    if arguments.vararg is not None:
        yield f"*{show_argument(arguments.vararg, None)}"
    elif arguments.kwonlyargs:
        yield "*"
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield show_argument(argument, default)
    if arguments.kwarg is not None:
        yield f"**{show_argument(arguments.kwarg, None)}"


def show_argument(argument: ast.arg, default: ast.expr | None) -> str:
    """Return an argument as it is written."""
    shown = ast.unparse(argument) + (f" = {ast.unparse(default)}" if default is not None else "")
    return shown.replace("'", '"')
