"""A Secret shows itself nowhere."""

import copy
import dataclasses
import io
import json
import logging
import pickle
import pprint
import re
import traceback
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai_tui.domain.keys.credential import Credential, KeyKind
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.target import Origin
from tests.domain.keys.fake_keys import PROJECT_KEY, keys, leaks

KIND = KeyKind(id="project", label="project key", role="inference", pattern=re.compile("(?s).*"))


def _credential(key: str) -> Credential:
    return Credential(secret=Secret(key), origin=Origin(kind="typed"), kind=KIND)


def _logged(value: object) -> str:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logger = logging.Logger("test")
    logger.addHandler(handler)
    logger.warning("value %s %r", value, value)
    return stream.getvalue()


def _raised(value: object) -> str:
    try:
        raise ValueError(value)
    except ValueError as error:
        return "".join(
            traceback.TracebackException.from_exception(error, capture_locals=True).format()
        )


SHOWN: dict[str, Callable[[Any], str]] = {
    "repr": repr,
    "str": str,
    "format": format,
    "format with width": lambda value: (
        f"{value:>400}" if isinstance(value, Secret) else f"{value!r:>400}"
    ),
    "f-string": lambda value: f"{value} {value!r} {value!s}",
    "percent": lambda value: "%s %r" % (value, value),  # noqa: UP031
    "pprint": pprint.pformat,
    "json with default": lambda value: json.dumps({"x": value}, default=str),
    "log line": _logged,
    "traceback with locals": _raised,
    "inside containers": lambda value: repr([{"k": (value,)}]),
}


@pytest.mark.parametrize("show", SHOWN.values(), ids=SHOWN)
@given(key=keys)
def test_secret_is_not_shown(show: Callable[[Any], str], key: str) -> None:
    assert not leaks(key, show(Secret(key)))


@pytest.mark.parametrize("show", SHOWN.values(), ids=SHOWN)
def test_credential_does_not_show_its_key(show: Callable[[Any], str]) -> None:
    assert not leaks(PROJECT_KEY, show(_credential(PROJECT_KEY)))


def test_asdict_keeps_the_secret_closed() -> None:
    assert not leaks(PROJECT_KEY, repr(dataclasses.asdict(_credential(PROJECT_KEY))))


@pytest.mark.parametrize("take", [pickle.dumps, copy.copy], ids=["pickle", "copy"])
def test_secret_cannot_be_taken_along(take: Callable[[Any], Any]) -> None:
    with pytest.raises(TypeError, match="cannot be pickled or copied"):
        take(Secret(PROJECT_KEY))


def test_json_refuses_a_secret() -> None:
    with pytest.raises(TypeError, match="Secret"):
        json.dumps(Secret(PROJECT_KEY))


def test_secret_is_made_of_text_alone() -> None:
    with pytest.raises(TypeError, match="made of text"):
        Secret(Secret("x"))  # type: ignore[arg-type]


@given(key=keys)
def test_hint_shows_the_prefix_and_four_characters(key: str) -> None:
    prefix, _, tail = Secret(key).masked.partition("…")
    assert len(tail) <= 4
    assert prefix in {
        "",
        "sk-",
        "sk-proj-",
        "sk-svcacct-",
        "gsk_",
        "sk-None-",
        "sk-admin-",
        "sk-ant-",
        "sk-or-",
        "sk-service-",
        "ek_",
        "sess-",
        "eyJ",
        "xai-",
        "hf_",
        "nvapi-",
        "pplx-",
        "AIza",
        "r8_",
    }


def test_hint_of_a_short_key_shows_no_end() -> None:
    assert Secret("sk-abcdefghij").masked == "sk-…"


@given(key=keys, other=keys)
def test_equality_is_of_content(key: str, other: str) -> None:
    assert (Secret(key) == Secret(other)) == (key == other)


def test_fingerprint_is_the_contracts() -> None:
    assert Secret("sk-test").fingerprint == "4932a178"


def test_undecodable_bytes_do_not_break_it() -> None:
    key = (PROJECT_KEY.encode() + b"\xff").decode("utf-8", "surrogateescape")
    assert (Secret(key).sendable, len(Secret(key).fingerprint), Secret(key).scrub("x")) == (
        False,
        8,
        "x",
    )


@given(
    st.lists(st.one_of(keys, st.text(min_size=1, max_size=14)), min_size=1, max_size=4), st.data()
)
def test_several_keys_are_masked_as_one_after_the_other(
    texts: list[str], data: st.DataObject
) -> None:
    secrets = [Secret(text) for text in texts]
    pieces = st.sampled_from(texts).flatmap(
        lambda text: st.slices(len(text)).map(lambda part: text[part])
    )
    text = "".join(data.draw(st.lists(st.one_of(pieces, st.text(max_size=5)), max_size=5)))
    expected = text
    for secret in secrets:
        expected = secret.scrub(expected)
    assert Secret.scrubber(secrets)(text) == expected
