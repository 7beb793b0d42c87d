"""A program that uses the OpenAI SDK: it makes calls that fail, and explains what it catches.

Runs in a process of its own, with the SDK that comes first on PYTHONPATH. Reads the calls as JSON
on standard input, and prints what `oai_tui.explain` says of each exception as JSON.
"""

import asyncio
import json
import sys
from collections.abc import Callable
from typing import Any

import openai

import oai_tui

TIMEOUT_S = 1.0
"""Seconds that a call waits, for the server that never answers."""
MODEL = "gpt-6-luna"


def client_options(call: dict[str, str]) -> dict[str, Any]:
    return {
        "api_key": call["OPENAI_API_KEY"],
        "base_url": call["OPENAI_BASE_URL"],
        "organization": call.get("OPENAI_ORG_ID"),
        "project": call.get("OPENAI_PROJECT_ID"),
        "timeout": float(call.get("timeout", TIMEOUT_S)),
        "max_retries": 0,
    }


def request(call: dict[str, str], **more: Any) -> dict[str, Any]:
    messages = [{"role": "user", "content": "ping"}]
    return {"model": call.get("model") or MODEL, "messages": messages, **more}


def plain(call: dict[str, str]) -> None:
    openai.OpenAI(**client_options(call)).chat.completions.create(**request(call))


def asynchronous(call: dict[str, str]) -> None:
    async def main() -> None:
        client = openai.AsyncOpenAI(**client_options(call))
        await client.chat.completions.create(**request(call))

    asyncio.run(main())


def chained(call: dict[str, str]) -> None:
    """An exception of the program's own, raised from that of the SDK."""
    try:
        plain(call)
    except openai.OpenAIError as error:
        raise RuntimeError("the job failed") from error


def replaced(call: dict[str, str]) -> None:
    """An exception raised while that of the SDK is handled."""
    try:
        plain(call)
    except openai.OpenAIError:
        raise KeyError("reply")  # noqa: B904


def grouped(call: dict[str, str]) -> None:
    """An exception group with another exception before that of the SDK."""
    try:
        plain(call)
    except openai.OpenAIError as error:
        inner = ExceptionGroup("inner", [error])
        raise ExceptionGroup("tasks failed", [ValueError("no"), inner]) from None


def streamed(call: dict[str, str]) -> None:
    client = openai.OpenAI(**client_options(call))
    for _ in client.chat.completions.create(**request(call, stream=True)):
        pass


WAYS: dict[str, Callable[[dict[str, str]], None]] = {
    "plain": plain,
    "asynchronous": asynchronous,
    "chained": chained,
    "replaced": replaced,
    "grouped": grouped,
    "streamed": streamed,
}


def explained(way: str, call: dict[str, str]) -> dict[str, Any]:
    """Make a call in one way, and return what is said of its exception."""
    try:
        WAYS[way](call)
    except Exception as error:  # noqa: BLE001  whatever the program would see
        found = oai_tui.explain(error)
        return {
            "raised": type(error).__name__,
            "cause": found.cause,
            "retry_helps": found.retry_helps,
            "request_id": found.request_id,
            "key_shown": call["OPENAI_API_KEY"] in repr(found),
        }
    return {"raised": None, "cause": None}


def main() -> None:
    calls = json.load(sys.stdin)
    said = {
        name: {way: explained(way, call) for way in call["ways"].split()}
        for name, call in calls.items()
    }
    json.dump({"version": openai.__version__, "said": said}, sys.stdout)


if __name__ == "__main__":
    main()
