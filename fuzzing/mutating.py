"""Changes of whole values: bytes that are changed one at a time seldom make another message that can be read."""

from __future__ import annotations

import json
import random
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

VALUES: Final = (
    *(
        "",
        " ",
        "0",
        "-0",
        "1.0",
        "10.00",
        "+1",
        "1e3",
        "1,5",
        "0.1",
        "\u0663",
        "RUB",
        "rub",
        "order_12345",
        "true",
        "null",
    ),
    *("2026-02-18T13:01:05+03:00", "2026-02-30T25:61:00Z", "a@example.com", "\u00a0", "\ud83d", "]]>", "a" * 300),
    *(0, -1, 1, 2**31, 2**53 + 1, 2**64, 10**400, 0.1, 1.0, -0.0, 1e300, True, False, None),
)
"""Values that stand at the edges of some rule."""
_ELEMENT: Final = re.compile(r"<([\w:.-]+)>([^<]*|(?:(?!<\1>).)*?)</\1>", re.DOTALL)


def mutate(data: bytes, most: int, seed: int, *, change_bytes: Callable[[bytes, int], bytes]) -> bytes:
    """Change a body: one or two of its values if it can be read, else some bytes of it.

    Args:
        data: The body.
        most: Bytes that the answer may have.
        seed: The same seed changes the same.
        change_bytes: What changes bytes, such as `atheris.Mutate`.
    """
    chance = random.Random(seed)  # noqa: S311 - for tests
    changed = None if chance.random() < 0.4 else _change_values(data, chance)  # noqa: PLR2004 - often enough for both
    return changed if changed is not None and len(changed) <= most else change_bytes(data, most)


def _change_values(data: bytes, chance: random.Random) -> bytes | None:
    try:
        text = data.decode()
        if text.lstrip().startswith("<"):
            return _change_elements(text, chance).encode(errors="surrogatepass")
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    for _ in range(chance.randint(1, 2)):
        _change_member(value, chance)
    text = json.dumps(value, ensure_ascii=chance.choice((True, False)), indent=chance.choice((None, 1)))
    return text.encode(errors="surrogatepass")


def _change_member(value: Any, chance: random.Random) -> None:
    places = list(_iter_places(value))
    if not places:
        return
    holder, key = chance.choice(places)
    other_holder, other_key = chance.choice(places)
    what = chance.randrange(5)
    if what == 0:
        holder[key] = chance.choice(VALUES)
    elif what == 1:
        del holder[key]
    elif what == 2:  # noqa: PLR2004 - the third way
        holder[key] = json.loads(json.dumps(other_holder[other_key]))
    elif isinstance(holder, list):
        holder.insert(key, json.loads(json.dumps(holder[key])))
    else:
        name = other_key if isinstance(other_key, str) else chance.choice(("data", "token", "undocumented", ""))
        holder[name] = holder.pop(key)


def _iter_places(value: Any) -> Any:
    if isinstance(value, dict | list):
        keys = list(value) if isinstance(value, dict) else range(len(value))
        for key in keys:
            yield value, key
            yield from _iter_places(value[key])


def _change_elements(text: str, chance: random.Random) -> str:
    found = list(_iter_elements(text))
    if not found:
        return text
    start, end, name, inner = chance.choice(found)
    other = chance.choice(found)
    element = text[start:end]
    new = chance.choice(
        (
            f"<{name}>{_escaped(chance.choice(VALUES))}</{name}>",
            "",
            element + element,
            text[other[0] : other[1]],
            f"<{other[2]}>{inner}</{other[2]}>",
            f"<{name}/>",
            f"<{name}> {inner}<!-- c --></{name}>",
            f"<{name}><![CDATA[{chance.choice(VALUES)}]]></{name}>",
        )
    )
    return text[:start] + new + text[end:]


def _iter_elements(text: str) -> Any:
    for match in _ELEMENT.finditer(text):
        yield match.start(), match.end(), match[1], match[2]
        for start, end, name, inner in _iter_elements(match[2]):
            yield match.start(2) + start, match.start(2) + end, name, inner


def _escaped(value: object) -> str:
    return str(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
