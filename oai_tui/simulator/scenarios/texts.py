"""Scenarios of the causes that no check can meet: an error text, which the demo explains.

Each cause shows in one kind of request, plan or program only, which a check doesn't use. The texts
are our own around the stable words of each error. Keys and ids are invented. A check started from
the text runs in a healthy world, except for `connection-failed`, whose text hides a DNS failure.
"""

from oai_tui.domain.family import Family
from oai_tui.simulator.fixtures import HEALTHY_WORLD, client_setup
from oai_tui.simulator.scenario import Scenario
from oai_tui.simulator.transport_faults import Fault


def _text(
    identifier: str,
    family: Family,
    shows: str,
    title: str,
    story: str,
    text: str,
    fault: Fault | None = None,
) -> Scenario:
    return Scenario(
        id=identifier,
        cause=identifier,
        shows=shows,
        title=title,
        family=family,
        story=story,
        world=HEALTHY_WORLD,
        client=client_setup(),
        fixed_world=HEALTHY_WORLD if fault else None,
        fault=fault,
        fixed_by="The DNS server was changed, as you would do in the network settings."
        if fault
        else "",
        text=text,
    )


TEXTS: tuple[Scenario, ...] = (
    _text(
        "data-retention-restricted",
        "permission",
        "400 unsupported_parameter",
        "Zero data retention blocks this request",
        "A program continues a stored response, but the organization stores none.",
        "Error code: 400 - {'error': {'message': 'Previous response cannot be used for this "
        "organization due to Zero Data Retention.', 'type': 'invalid_request_error', "
        "'param': 'previous_response_id', 'code': 'unsupported_parameter'}}",
    ),
    _text(
        "chatgpt-plan-limit",
        "billing",
        "429 usage_limit_reached",
        "The ChatGPT plan's usage limit is reached",
        "Codex is signed in with a ChatGPT plan, and the plan's limit is used up.",
        "2026-11-02T09:14:31Z WARN codex: unexpected status 429 Too Many Requests: "
        '{"error":{"type":"usage_limit_reached","message":"The usage limit has been reached",'
        '"plan_type":"plus","resets_in_seconds":9120}}',
    ),
    _text(
        "batch-limit",
        "rate-limits",
        "token_limit_exceeded",
        "The batch queue is full",
        "A batch job needs more tokens than the queue of the Batch API still accepts.",
        "BatchError(code='token_limit_exceeded', line=None, message='Enqueued token limit reached "
        "for gpt-5.4-mini in organization org-fake0000. Limit: 2,000,000 enqueued tokens.', "
        "param=None)",
    ),
    _text(
        "connection-failed",
        "network",
        "connection error",
        "Connection error without a reason",
        "The program logs “Connection error.” only. A live check finds the reason.",
        """Traceback (most recent call last):
  File "app.py", line 12, in <module>
    print(ask("ping"))
openai.APIConnectionError: Connection error.
""",
        "dns",
    ),
    _text(
        "sdk-mismatch",
        "this-machine",
        "TypeError",
        "The installed openai and httpx don't fit together",
        "An old openai package was installed together with a newer httpx.",
        """Traceback (most recent call last):
  File "app.py", line 3, in <module>
    client = OpenAI()
  File "/venv/lib/python3.12/site-packages/openai/_base_client.py", line 856, in __init__
    super().__init__(**kwargs)
TypeError: Client.__init__() got an unexpected keyword argument 'proxies'
""",
    ),
    _text(
        "client-fault",
        "this-machine",
        "OSError",
        "The program has too many open files",
        "A worker starts thousands of calls at once and reaches the limit of open files.",
        """Traceback (most recent call last):
  File "worker.py", line 88, in gather
    return await asyncio.gather(*[ask(one) for one in rows])
  File "/usr/lib/python3.12/socket.py", line 233, in __init__
    _socket.socket.__init__(self, family, type, proto, fileno)
OSError: [Errno 24] Too many open files
""",
    ),
)
