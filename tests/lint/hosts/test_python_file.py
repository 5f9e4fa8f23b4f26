"""Messages in Python source."""

from __future__ import annotations

import ast
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altcraft_contract.lint.hosts import Excerpt, Unseen
from altcraft_contract.lint.hosts.python_file import iter_python
from altcraft_contract.validation import check_request
from tests.lint.hosts.excerpts import (
    ANSWER,
    PATH,
    REQUEST,
    SMALL,
    XML,
    assert_written,
    excerpts_of,
    order,
    read,
    start_of,
)

LITERAL = repr(json.loads(SMALL))


def payloads(text: str | bytes) -> list[Excerpt]:
    """The messages in a Python file."""
    return excerpts_of(read(iter_python, text))


def bodies(text: str) -> list[object]:
    """Their bodies, parsed."""
    return [json.loads(found.body) for found in payloads(text)]


@pytest.mark.parametrize(
    "call",
    [
        f"requests.post(url, data='''{SMALL}''')",
        f"post(url, '''{SMALL}''')",
        f"client.post(url, json={LITERAL})",
        f"session.request('POST', url, json={LITERAL})",
        f"httpx.Request('post', url, content=b'''{SMALL}''')",
        f"client.open(url, method='POST', data=r'''{SMALL}''')",
        f"send('{PATH}', body=json.dumps({LITERAL}))",
        f"send(BASE + '{PATH}', body=json.dumps({LITERAL}).encode())",
        f"send(f'{{base}}{PATH}', content=dumps({LITERAL}, indent=2).encode('utf-8'))",
        f"requests.post(url, json=json.loads('''{SMALL}'''))",
        f"requests.post(url, data=textwrap.dedent('''\n  {SMALL}''').strip())",
        f"await client.post(url, json={LITERAL}, headers=headers)",
    ],
)
def test_every_way_to_post_is_seen(call: str) -> None:
    """However a message is passed to a call that posts, or that names the endpoint, it is found."""
    assert bodies(f"async def test():\n    answer = {call}\n") == [json.loads(SMALL)]


@pytest.mark.parametrize(
    "call",
    [
        f"requests.get(url, data='''{SMALL}''')",
        f"requests.post(url, data=f'''{{{SMALL}}}''')",
        f"requests.post(url, other='''{SMALL}''')",
        f"requests.post(url, data='''{SMALL}'''.replace('a', 'b'))",
        f"requests.post(url, data='''{SMALL}''' % x)",
        "requests.post(url, json={'external_id': new_id(), 'email': 'a', 'data': {}})",
        "requests.post(url, json={'external_id': ID, 'email': 'a', 'data': {}})",
        "requests.post(url, json={**base, 'external_id': 'a', 'email': 'a'})",
        "requests.post(url, json={'external_id': ..., 'email': 'a', 'data': {}})",
        "requests.post(url, json={'external_id': b'a', 'email': 'a', 'data': {}})",
        "requests.post(url, json={'external_id': -True, 'email': 'a', 'data': {}})",
        "requests.post(url, json={1: 2, 'external_id': 'a', 'email': 'b', 'data': 1})",
        "requests.post(url, json={'a': 1, 'error': 'data'})",
        "requests.post('https://elsewhere.example', data='text with data: \"data\"')",
    ],
)
def test_what_only_running_code_tells_is_passed_over(call: str) -> None:
    """Formatted texts, names and calls within values, and what is no message, raise no alarm."""
    assert payloads(call) == []


def test_what_is_posted_to_the_endpoint_is_taken() -> None:
    """A body that is sent to the endpoint is judged even if it looks like no message."""
    assert bodies(f"client.post('{PATH}', json={{'a': 1}})") == [{"a": 1}]
    assert bodies(f"URL = 'https://x{PATH}'\ndef f():\n  client.post(URL, json={{'a': 1}})") == [{"a": 1}]
    assert bodies(f"connection.request('POST', '{PATH}', body(), {{'Content-Type': 'a'}})") == []


def test_an_answer_that_a_test_sets_up_is_a_response() -> None:
    """Libraries that fake a service are given answers; those of HTTP status 200 are checked as such."""
    text = (
        f"responses.post('{PATH}', json={json.loads(ANSWER)})\n"
        f"respx_mock.post('{PATH}', json={{'other': 1}})\n"
        f"responses.post('{PATH}', body='''{ANSWER}''', status=500)\n"
        f"responses.add(responses.POST, '{PATH}', body='''{ANSWER}''', status=200)\n"
    )
    assert [(found.what, found.line) for found in payloads(text)] == [("response", 1), ("response", 4)]


@pytest.mark.parametrize(
    ("before", "found"),
    [
        (f"BODY = '''{SMALL}'''", True),
        (f"BODY: str = '''{SMALL}'''", True),
        (f"OTHER = {LITERAL}\nBODY = OTHER", True),
        (f"BODY = '''{SMALL}'''\nBODY = ''", False),
        (f"BODY = '''{SMALL}'''\nBODY += 'x'", False),
        (f"if x:\n  BODY = '''{SMALL}'''\nelse:\n  BODY = ''", False),
        (f"BODY = {LITERAL}\nBODY['data']['status'] = 'x'", False),
        (f"BODY = {LITERAL}\nBODY.update(x)", False),
        (f"BODY = {LITERAL}\nBODY['data'].pop('x')", False),
        (f"BODY = {LITERAL}\ndel BODY['data']", False),
        (f"BODY = {LITERAL}\nprint(BODY['data'])", True),
        (f"BODY = {LITERAL}\ndef g():\n  global BODY\n  BODY = 1", False),
        (f"BODY = {LITERAL}\nfrom x import BODY", False),
        ("BODY = BODY", False),
        ("BODY = OTHER\nOTHER = BODY", False),
        ("BODY = f(x='external_id')", False),
    ],
)
def test_a_name_is_followed_if_it_has_one_value(before: str, found: bool) -> None:
    """A name that is bound once, and not changed, stands for what it was given."""
    text = f"{before}\ndef test(client):\n    client.post('/x', data=BODY)  # 'external_id' \"data\n"
    assert bodies(text) == [json.loads(SMALL)] * found


def test_names_are_those_of_their_scope() -> None:
    """Each function has names of its own; those of classes are not seen within their methods."""
    text = (
        f"def one(c):\n  body = '''{SMALL}'''\n  c.post('/x', body)\n"
        f"def two(c, body):\n  c.post('/x', body)\n"
        f"class T:\n  body = '''{SMALL}'''\n  def three(self, c):\n    c.post('/x', body)\n"
        f"  def four(self, c):\n    text = '''{SMALL}'''\n    def five():\n      c.post('/x', text)\n"
    )
    assert [found.where for found in payloads(text)] == ["payload in one", "payload in T.four.five"]


def test_a_literal_is_judged_once() -> None:
    """A body that several calls send is one payload; several in one function have numbers."""
    text = (
        f"B = '''{SMALL}'''\n\ndef f(c):\n  c.post('/x', B)\n  c.post('/y', B)\n  c.post('/z', {LITERAL})\n"
        f"c.post('', {LITERAL})\n"
    )
    assert [(found.where, found.line) for found in payloads(text)] == [
        ("payload in f", 1),
        ("payload 2 in f", 6),
        ("payload", 7),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("prefix", ["", "r", "R", "u", "b", "Rb"])
def test_every_character_is_found_again(prefix: str, mark: str, end: str) -> None:
    """Whatever the prefix, the line ends and what stands before on the line, each character is found where it is."""
    text = mark + f"# é\né = 'Ж😀'; post('Ж', {prefix}'''\n{REQUEST}''')\n".replace("\n", end)
    [found] = payloads(text)
    assert_written(text, found)
    assert json.loads(found.body) == json.loads(REQUEST)
    assert start_of(text, found, '"currency"', 10) == '"currency"'


def test_escapes_and_parts_are_found_again() -> None:
    """Literals side by side, comments between them, lines that go on, and escapes of every kind lead back."""
    text = (
        'post("é",\n     "{\\"external_id\\": \\"\\x61\\u0416\\U0001f600\\N{BULLET}\\101\\\n\\\\n\\","  # "why"\n'
        "     r'\"email\": \"b\", ' '''\"data\":\n{\"status\": \"\\\\t'''\n u'\" }}')\n"
    )
    [found] = payloads(text)
    assert_written(text, found)
    assert json.loads(found.body, strict=False)["external_id"] == "aЖ😀•A\n"


@given(
    st.lists(
        st.tuples(
            st.text(alphabet="a\"'\\\n\té😀Ж \0{\r", max_size=8),
            st.sampled_from(["repr", "ascii", "long"]),
            st.sampled_from([" ", "  # '\"\n", "\\\n", "\n"]),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_any_literal_is_read_as_python_reads_it(parts: list[tuple[str, str, str]]) -> None:
    """What Python makes of literals side by side is the message, and each of its characters leads to its own."""
    ways = {"repr": repr, "ascii": ascii, "long": lambda text: '"""' + ascii(text)[1:-1].replace('"', '\\"') + '"""'}
    literal = "".join(ways[way](text) + between for text, way, between in [('{"external_id"', "repr", " "), *parts])
    text = f"é = post(é, (\n{literal}), '{PATH}')\n"
    value = ast.literal_eval(f"(\n{literal})")
    [found] = payloads(text)
    assert found.body.decode() == value
    assert_written(text, found)


def test_values_are_found_where_they_stand() -> None:
    """Findings in a literal value lead to the value that they are about, also behind characters of several bytes."""
    text = f"é = 'Ж'; client.post(url, json={order(external_id='Ж😀', email=-1)!r}, x='data')\n"
    [found] = payloads(text)
    assert json.loads(found.body)["email"] == -1
    pointers = {finding.pointer for finding in check_request(found.body).findings}
    assert "/email" in pointers
    assert start_of(text, found, "-1") == "-1"
    assert start_of(text, found, '"currency"', 10) == "'currency'"
    assert start_of(text, found, '"external_id":"', 13) == "'external_id'"


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.text(max_size=4), values, max_size=4))
def test_any_value_is_the_one_that_python_reads(value: dict[str, object]) -> None:
    """A literal value makes the JSON that it would be sent as, and places within the literal."""
    text = f"é = 1; client.post('{PATH}', json={value!r})\n"
    [found] = payloads(text)
    assert json.loads(found.body) == value
    source = found.find_source()
    assert source is not None
    places = [source.find(offset) for offset in range(len(found.body.decode()) + 1)]
    assert places == sorted(places)
    assert text[places[0]] == "{"


def test_bytes_that_are_no_ascii_have_no_places() -> None:
    """Characters that are written as several bytes are judged, without places."""
    [found] = payloads(f"post('{PATH}', b'{{\"a\": \"\\xd0\\x96\"}}')")
    assert found.body.decode() == '{"a": "Ж"}'
    assert found.find_source() is None


def test_xml_is_read() -> None:
    """A literal may hold XML."""
    [found] = payloads(f"post(url, data='''{XML}''')")
    assert (found.what, found.syntax) == ("request", "xml")


@pytest.mark.parametrize(
    "text",
    [
        "# altcraft-contract: ignore\nclient.post('/x', json=BODY)\n",
        "client.post('/x', json=BODY)  # altcraft-contract: ignore\n",
        "client.post(\n  '/x',\n  # altcraft-contract: ignore\n  json=BODY)\n",
    ],
)
def test_a_comment_leaves_a_payload_out(text: str) -> None:
    """What is wrong on purpose is left out by a comment at its call or at itself."""
    assert payloads(text.replace("BODY", LITERAL)) == []
    assert payloads(f"# altcraft-contract: ignore\nBODY = {LITERAL}\n\n\n{text[text.index('client') :]}") == []
    assert len(payloads(text.replace("BODY", LITERAL).replace("ignore", "ignored"))) == 1


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("c.post(u, json=BODY)", False),
        ("c.post(u, json=BODY, headers=HEADERS)", True),
        ("c.post(u, json=BODY, auth=a)", True),
        ("c.post(u, json=BODY); c.headers['Authorization'] = t", True),
    ],
)
def test_a_token_may_come_in_a_header(call: str, expected: bool) -> None:
    """Where headers are given that nobody can see here, a missing token is no mistake."""
    [found] = payloads(call.replace("BODY", LITERAL))
    assert found.token_in_header is expected


def test_what_is_secret_in_the_file_is_known() -> None:
    """Texts under the names of secrets, anywhere in the file, are secrets of each payload."""
    text = (
        f"TOKEN = 'first'\npassword: str = 'second'\nc.post(u, json={LITERAL}, "
        "headers={'Authorization': 'Bearer third'}, auth=('user', 'fourth'))\n"
    )
    [exchange] = read(iter_python, text)
    assert {"first", "second", "third", "fourth"} <= exchange.secrets
    assert "third" not in repr(exchange)


@pytest.mark.parametrize(
    "text",
    [
        "post(",
        "post('\0')",
        "(" * 100_000,
        "-" * 100_000 + "1",
        "x" + ".y" * 100_000,
        "[" * 150 + "]" * 150,
        "1" + "+1" * 100_000,
        "# coding: latin-1\n'é'",
        "# coding: nonsense\n",
        "print 'hello'",
        "'''",
        "\\",
        "x = '\\d'",
        "0x" + "f" * 10_000,
        "1" * 10_000,
    ],
)
def test_what_is_no_python_or_means_harm_is_passed_over(text: str) -> None:
    """Files that Python cannot read, or that are made to hurt it, end in nothing."""
    payloads(f"{text}\npost('{PATH}', json={{'data': 1}})")
    payloads(f"post('{PATH}', json={{'data': 1}})\n{text}")


def test_bytes_that_are_no_text_are_passed_over() -> None:
    """A file in another encoding is no concern of ours."""
    assert payloads(b"\xff" + f"post('{PATH}', json={{}})".encode()) == []
    assert payloads(f"# coding: latin-1\npost('{PATH}', json={{}})".encode()) == []


@pytest.mark.parametrize("text", ["x = 1\n" * 200_000, "f'" + "{x}" * 30_000 + "'"])
def test_a_file_that_is_too_large_is_told(text: str) -> None:
    """A file whose syntax tree would take too much is not looked into, which is told."""
    [exchange] = read(iter_python, f"post('{PATH}', json={{}})\n{text}")
    assert isinstance(exchange.request, Unseen)
    assert exchange.request.reason == "the file is too large to be looked into; keep the payload in a file of its own"


@given(st.text(alphabet="post('{}\"=: \n\\x#,[]fb)é\r\x0c\0", max_size=60))
def test_any_source_ends_in_messages_or_none(text: str) -> None:
    """The marks of Python, in whatever order, do no harm, and places stay true."""
    source = f"{text}\npost('{PATH}', '''{SMALL}''')\n{text}"
    for found in payloads(source):
        if found.body.decode() == SMALL:
            assert_written(source, found)
