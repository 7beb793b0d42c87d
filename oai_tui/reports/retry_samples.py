"""Code samples that retry a rate-limited request: tenacity, the SDK, plain Python, Node.

Each honors Retry-After, backs off exponentially with jitter, stops after a few tries, and gives up
at once on what a retry never fixes: codes of billing and of a limit that one request exceeds. The
tests run each sample against the simulator.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

_FINAL_CODES = (
    "insufficient_quota",
    "credit_balance_exhausted",
    "billing_not_active",
    "billing_hard_limit_reached",
    "organization_spend_limit_exceeded",
    "project_spend_limit_exceeded",
    "organization_usage_limit_exceeded",
)
"""Codes of a 429 that waiting does not fix (error-codes guide, 2026-09; the first is the older)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrySample:
    """One sample. `run`: how to try it."""

    title: str
    language: str
    run: str
    code: str


_PYTHON_FINAL = "FINAL = {\n" + "".join(f'    "{code}",\n' for code in _FINAL_CODES) + "}"
_WAIT = '''def wait_s(error, attempt):
    """Return the seconds to wait before the next try, or None if a retry does not help."""
    if error.code in FINAL or error.type in FINAL or "Request too large" in str(error):
        return None
    try:
        seconds = float(error.response.headers.get("retry-after", ""))
    except ValueError:
        seconds = min(2**attempt, 60)
    return seconds * random.uniform(1.0, 1.25) if 0 <= seconds <= MAX_WAIT_S else None
'''

_SDK = f'''\
import openai

{_PYTHON_FINAL}


def do_not_retry_final(response):
    """Tell the SDK, by a header that it obeys, not to retry what waiting does not fix."""
    if response.status_code == 429:
        response.read()
        error = response.json().get("error", {{}})
        message = error.get("message") or ""
        if {{error.get("code"), error.get("type")}} & FINAL or "Request too large" in message:
            response.headers["x-should-retry"] = "false"


client = openai.OpenAI(
    max_retries=5,  # the SDK waits as Retry-After says, else backs off with jitter
    http_client=openai.DefaultHttpxClient(event_hooks={{"response": [do_not_retry_final]}}),
)
response = client.responses.create(model="{{model}}", input="ping", max_output_tokens=16)
print(response.output_text)
'''
_PLAIN = f"""\
import random
import time

import openai

{_PYTHON_FINAL}
MAX_TRIES = 6
MAX_WAIT_S = 120

client = openai.OpenAI(max_retries=0)  # this program does the retries


{_WAIT}

def call():
    for attempt in range(MAX_TRIES):
        try:
            return client.responses.create(model="{{model}}", input="ping", max_output_tokens=16)
        except (openai.RateLimitError, openai.InternalServerError) as error:
            seconds = wait_s(error, attempt)
            if seconds is None or attempt == MAX_TRIES - 1:
                raise
            time.sleep(seconds)


print(call().output_text)
"""
_TENACITY = f"""\
import random

import openai
from tenacity import retry, retry_if_exception, stop_after_attempt

{_PYTHON_FINAL}
MAX_WAIT_S = 120

client = openai.OpenAI(max_retries=0)  # tenacity does the retries


{_WAIT}

def can_retry(error):
    retryable = (openai.RateLimitError, openai.InternalServerError)
    return isinstance(error, retryable) and wait_s(error, 0) is not None


@retry(
    retry=retry_if_exception(can_retry),
    wait=lambda state: wait_s(state.outcome.exception(), state.attempt_number - 1),
    stop=stop_after_attempt(6),
    reraise=True,
)
def call():
    return client.responses.create(model="{{model}}", input="ping", max_output_tokens=16)


print(call().output_text)
"""
_NODE = (
    """\
import OpenAI from "openai";

const FINAL = new Set([
"""
    + "".join(f'  "{code}",\n' for code in _FINAL_CODES)
    + """\
]);
const MAX_TRIES = 6;
const MAX_WAIT_S = 120;

const client = new OpenAI({ maxRetries: 0 }); // this program does the retries

// Milliseconds to wait before the next try, or null if a retry does not help.
function waitMs(error, attempt) {
  const isTooLarge = error.message.includes("Request too large");
  if (FINAL.has(error.code) || FINAL.has(error.type) || isTooLarge) return null;
  const asked = parseFloat(error.headers?.get("retry-after"));
  const seconds = Number.isNaN(asked) ? Math.min(2 ** attempt, 60) : asked;
  return seconds >= 0 && seconds <= MAX_WAIT_S ? seconds * 1000 * (1 + Math.random() / 4) : null;
}

async function call() {
  for (let attempt = 0; ; attempt++) {
    try {
      return await client.responses.create({
        model: "{model}",
        input: "ping",
        max_output_tokens: 16,
      });
    } catch (error) {
      const isRetryable = error.status === 429 || error.status >= 500;
      const wait = isRetryable ? waitMs(error, attempt) : null;
      if (wait === null || attempt === MAX_TRIES - 1) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

console.log((await call()).output_text);
"""
)

RETRY_SAMPLES: Mapping[str, RetrySample] = {
    "sdk": RetrySample(
        title="Python, retries of the SDK", language="python", run="python call.py", code=_SDK
    ),
    "tenacity": RetrySample(
        title="Python with tenacity", language="python", run="python call.py", code=_TENACITY
    ),
    "python": RetrySample(
        title="Python without a library", language="python", run="python call.py", code=_PLAIN
    ),
    "node": RetrySample(title="Node", language="javascript", run="node call.mjs", code=_NODE),
}
"""Name of a sample -> the sample."""


def retry_sample(name: str, model: str) -> str:
    """Return the code of a sample for a model. Raises KeyError for an unknown name."""
    return RETRY_SAMPLES[name].code.replace('"{model}"', json.dumps(model))
