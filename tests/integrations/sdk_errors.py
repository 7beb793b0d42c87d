"""Exceptions as the official SDK raises them."""

import importlib
from typing import Any

import openai
from openai import DefaultHttpxClient

KEY = "sk-proj-" + "Q7x" * 24 + "Ab" + "T3BlbkFJ" + "Z9y" * 24 + "A"
REQUEST_ID = "req_" + "0123456789abcdef" * 2


def sdk_error(
    status: int,
    code: str | None,
    message: str,
    kind: str = "invalid_request_error",
    headers: dict[str, str] | None = None,
) -> openai.APIStatusError:
    """Return what the SDK raises for a response, made by the SDK itself."""
    client = openai.OpenAI(api_key=KEY, max_retries=0)
    with DefaultHttpxClient() as http:
        request = http.build_request("POST", "https://api.openai.com/v1/responses")
    body = {"error": {"message": message, "type": kind, "param": None, "code": code}}
    response = _response(request, status, body, headers or {})
    error = client._make_status_error_from_response(response)
    if not isinstance(error, openai.APIStatusError):
        raise TypeError(type(error))
    return error


def _response(request: Any, status: int, body: dict[str, Any], headers: dict[str, str]) -> Any:
    http = importlib.import_module(type(request).__module__.partition(".")[0])
    whole = {"x-request-id": REQUEST_ID, **headers}
    return http.Response(status, headers=whole, json=body, request=request)


def raised(error: BaseException, cause: BaseException | None = None) -> BaseException:
    """Return an exception after it was raised, from a cause if one is given."""
    try:
        raise error from cause
    except BaseException as caught:  # noqa: BLE001
        return caught
