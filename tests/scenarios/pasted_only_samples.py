"""A sample text of each cause that no walk can meet, as a person would paste it.

The texts are our own around the stable words of each error. Keys and ids are invented.
"""

PASTED: dict[str, str] = {
    "data-retention-restricted": (
        "Error code: 400 - {'error': {'message': 'Previous response cannot be used for this "
        "organization due to Zero Data Retention.', 'type': 'invalid_request_error', "
        "'param': 'previous_response_id', 'code': 'unsupported_parameter'}}"
    ),
    "chatgpt-plan-limit": (
        "2026-11-02T09:14:31Z WARN codex: unexpected status 429 Too Many Requests: "
        '{"error":{"type":"usage_limit_reached","message":"The usage limit has been reached",'
        '"plan_type":"plus","resets_in_seconds":9120}}'
    ),
    "batch-limit": (
        "BatchError(code='token_limit_exceeded', line=None, message='Enqueued token limit reached "
        "for gpt-5.4-mini in organization org-fake0000. Limit: 2,000,000 enqueued tokens.', "
        "param=None)"
    ),
    "connection-failed": """Traceback (most recent call last):
  File "app.py", line 12, in <module>
    print(ask("ping"))
openai.APIConnectionError: Connection error.
""",
    "sdk-mismatch": """Traceback (most recent call last):
  File "app.py", line 3, in <module>
    client = OpenAI()
  File "/venv/lib/python3.12/site-packages/openai/_base_client.py", line 856, in __init__
    super().__init__(**kwargs)
TypeError: Client.__init__() got an unexpected keyword argument 'proxies'
""",
    "client-fault": """Traceback (most recent call last):
  File "worker.py", line 88, in gather
    return await asyncio.gather(*[ask(one) for one in rows])
  File "/usr/lib/python3.12/socket.py", line 233, in __init__
    _socket.socket.__init__(self, family, type, proto, fileno)
OSError: [Errno 24] Too many open files
""",
}
