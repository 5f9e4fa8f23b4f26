"""What stands where in a Python file: calls, and which value a name has."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from altcraft_contract.renderers.secret_names import is_secret_name

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(slots=True, eq=False, repr=False)
class Scope:
    """A module, a class or a function.

    Attributes:
        kind: Which of them.
        where: Its qualified name; empty for the module.
        parent: The scope around it.
        bindings: How often each name is bound in it, in whatever way.
        values: What names are assigned.
        changed: Names whose values may be changed in place.
    """

    kind: Literal["module", "class", "function"]
    where: str = ""
    parent: Scope | None = None
    bindings: dict[str, int] = field(default_factory=dict)
    values: dict[str, ast.expr] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)

    def bind(self, name: str | None) -> None:
        """Note that *name* is bound once more."""
        if name is not None:
            self.bindings[name] = self.bindings.get(name, 0) + 1

    def owner(self, name: str) -> Scope | None:
        """The scope in which *name* is looked up here; None if it is bound nowhere in the file."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.bindings and (scope is self or scope.kind != "class"):
                return scope
            scope = scope.parent
        return None


class Call(NamedTuple):
    """A call, and where it stands."""

    node: ast.Call
    scope: Scope


class Value(NamedTuple):
    """What a name stands for, and where that is written; *changed* tells whether it may become something else."""

    node: ast.expr
    scope: Scope
    changed: bool


class Names:
    """The calls, names and secrets of one file.

    Args:
        tree: Of the file; it is walked without recursion.

    Attributes:
        calls: In the order of the file.
        secrets: Texts that stand under the name of a secret: excerpts of the file may show their lines.
    """

    def __init__(self, tree: ast.Module) -> None:
        self.calls: list[Call] = []
        self._secrets: set[str] = set()
        self._changes: list[tuple[str, Scope]] = []
        module = Scope("module")
        rest: list[tuple[ast.AST, Scope]] = [(tree, module)]
        while rest:
            node, scope = rest.pop()
            inner = self._take(node, scope)
            rest += [(child, inner) for child in reversed(list(ast.iter_child_nodes(node)))]
        for name, scope in self._changes:
            owner = scope.owner(name)
            if owner is not None:
                owner.changed.add(name)
        self.secrets = frozenset(self._secrets)

    def find(self, name: str, scope: Scope) -> Value | None:
        """What *name* stands for in *scope*; None if it is not bound once, by an assignment."""
        owner = scope.owner(name)
        if owner is None or owner.bindings[name] != 1 or name not in owner.values:
            return None
        return Value(owner.values[name], owner, name in owner.changed)

    def _take(self, node: ast.AST, scope: Scope) -> Scope:
        """Note what *node* says; return the scope of what stands in it."""
        match node:
            case ast.Call():
                self.calls.append(Call(node, scope))
            case ast.Name(ctx=ast.Store() | ast.Del()):
                scope.bind(node.id)
            case ast.Subscript(ctx=ast.Store() | ast.Del()) | ast.Attribute():
                self._note_change(node, scope)
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
            ):
                scope.values[name] = value
                self._note_secret(name, value)
            case ast.Dict():
                for key, value in zip(node.keys, node.values, strict=True):
                    if isinstance(key, ast.Constant) and isinstance(key.value, str):
                        self._note_secret(key.value, value)
            case ast.keyword(arg=str(name)):
                self._note_secret(name, node.value)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                scope.bind(node.name)
                kind: Literal["class", "function"] = "class" if isinstance(node, ast.ClassDef) else "function"
                return Scope(kind, f"{scope.where}.{node.name}".lstrip("."), scope)
            case _:
                _bind_otherwise(node, scope)
        return scope

    def _note_change(self, node: ast.Subscript | ast.Attribute, scope: Scope) -> None:
        """Note the name whose value a method or an assignment to an item may change, however deep it stands."""
        value = node.value
        while isinstance(value, ast.Subscript):
            value = value.value
        if isinstance(value, ast.Name):
            self._changes.append((value.id, scope))

    def _note_secret(self, name: str, value: ast.expr) -> None:
        if not is_secret_name(name):
            return
        for text in _iter_texts(value):
            words = text.split()
            if words:
                self._secrets |= {text, words[-1]}


def _iter_texts(value: ast.expr) -> Iterator[str]:
    """The texts in a literal, or in a list of them."""
    for part in value.elts if isinstance(value, ast.Tuple | ast.List) else [value]:
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def _bind_otherwise(node: ast.AST, scope: Scope) -> None:
    """Bind the names that other statements than assignments bind."""
    match node:
        case ast.arg(arg=name):
            scope.bind(name)
        case ast.alias():
            scope.bind(node.asname or node.name.partition(".")[0])
        case ast.ExceptHandler(name=name) | ast.MatchAs(name=name) | ast.MatchStar(name=name):
            scope.bind(name)
        case ast.MatchMapping(rest=name):
            scope.bind(name)
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            for name in names:
                around: Scope | None = scope
                while around is not None:  # whichever is meant: it is bound here, too
                    around.bindings[name] = around.bindings.get(name, 0) + 2
                    around = around.parent
