"""Tests whether a key may use an endpoint, with a request that costs and creates nothing."""

from oai_tui.domain.endpoints import Endpoint, ScopeResult, scope_result
from oai_tui.domain.ports import Call
from oai_tui.probes.http_client import ApiRequest, HttpClient


async def probe_endpoint(http: HttpClient, call: Call, endpoint: Endpoint) -> ScopeResult:
    """Send the endpoint's request and return what the response says."""
    request = ApiRequest(
        probe="scopes",
        path=endpoint.path,
        method=endpoint.method,
        key=True,
        body=endpoint.body,
        keep_body=False,
    )
    reply = await http.ask(call, request)
    return scope_result(endpoint, reply.observation)
