"""What is known of versions of the OpenAI SDKs and of the libraries around them. Data only.

Each row has its source and the day it was published. The ranges of `PAIRS` and the variables were
measured with the packages of PyPI and npm on 2026-11-27. To support another pair, add a row.
"""

from datetime import date

from oai_tui.domain.packages import (
    BadPair,
    BadUse,
    Ecosystem,
    Known,
    PackageKnowledge,
    VariableSupport,
)
from oai_tui.knowledge import links

NAMES: dict[Ecosystem, frozenset[str]] = {
    "python": frozenset(
        {
            "openai",
            "openai-agents",
            "azure-ai-openai",
            "aiohttp",
            "anyio",
            "certifi",
            "httpcore",
            "httpcore2",
            "httpx",
            "httpx-aiohttp",
            "httpx2",
            "instructor",
            "langchain-openai",
            "litellm",
            "llama-index-llms-openai",
            "pydantic",
            "requests",
            "tiktoken",
            "truststore",
            "typing-extensions",
            "urllib3",
        }
    ),
    "node": frozenset(
        {
            "openai",
            "@ai-sdk/openai",
            "@azure/openai",
            "@langchain/openai",
            "@openai/agents",
            "axios",
            "cross-fetch",
            "https-proxy-agent",
            "node-fetch",
            "undici",
        }
    ),
}
"""The packages that are listed, under the names of their registries."""

MODULES = {
    "openai": "openai",
    "httpx": "httpx",
    "httpx2": "httpx2",
    "httpcore": "httpcore",
    "requests": "requests",
    "urllib3": "urllib3",
    "aiohttp": "aiohttp",
    "anyio": "anyio",
    "certifi": "certifi",
    "litellm": "litellm",
    "pydantic": "pydantic",
    "tiktoken": "tiktoken",
    "typing_extensions": "typing-extensions",
}
"""Module of Python -> package: a file of your own with that name is imported in its place."""

_PROXIES = Known(
    url="https://github.com/openai/openai-python/releases/tag/v1.55.3", on=date(2024, 11, 28)
)
_RESPONSE_TEXT = Known(url="https://github.com/BerriAI/litellm/pull/13728", on=date(2025, 8, 18))
_AGENTS = Known(
    url="https://github.com/openai/openai-agents-python/issues/1519", on=date(2025, 8, 18)
)
_SDK_1 = Known(url=links.MIGRATION, on=date(2023, 11, 6))
_SDK_3 = Known(
    url="https://github.com/openai/openai-python/blob/main/httpx2.md", on=date(2026, 8, 12)
)
_NODE_4 = Known(url=links.NODE_MIGRATION, on=date(2023, 8, 16))
_ASSISTANTS = Known(url=links.DEPRECATIONS, on=date(2026, 8, 26))

PAIRS = (
    BadPair(
        id="openai-httpx-proxies",
        ecosystem="python",
        package="openai",
        versions=">=1.0,<1.55.3",
        other="httpx",
        other_versions=">=0.28",
        meaning=(
            "This openai passes the argument “proxies” to httpx, which removed it in 0.28: "
            "creating a client fails with “unexpected keyword argument 'proxies'”, before anything "
            "is sent."
        ),
        replace_by=(("openai", ">=1.55.3,<2"), ("httpx", "<0.28")),
        known=_PROXIES,
    ),
    BadPair(
        id="litellm-openai-1.100",
        ecosystem="python",
        package="litellm",
        versions="==1.75.8",
        other="openai",
        other_versions=">=1.100.0,<1.100.2",
        meaning=(
            "This litellm imports ResponseTextConfig, which this openai doesn't have: “import "
            "litellm” fails with ImportError."
        ),
        replace_by=(("openai", ">=1.100.2,<2"),),
        known=_RESPONSE_TEXT,
    ),
    BadPair(
        id="agents-openai-1.100",
        ecosystem="python",
        package="openai-agents",
        versions="==0.2.8",
        other="openai",
        other_versions=">=1.100.0,<1.100.2",
        meaning=(
            "This openai-agents imports ResponseTextConfigParam, which this openai doesn't have: "
            "“import agents” fails with ImportError."
        ),
        replace_by=(("openai", ">=1.100.2,<2"),),
        known=_AGENTS,
    ),
)

USES = (
    BadUse(
        id="openai-0-code",
        ecosystem="python",
        usage="openai-0-code",
        package="openai",
        versions=">=1.0",
        meaning=(
            "The code calls openai.ChatCompletion or another function of openai 0.x, which 1.0 "
            "removed: the call fails with APIRemovedInV1 or AttributeError."
        ),
        known=_SDK_1,
        advice="Change the code to the client of openai 1.0 and later.",
        url=links.MIGRATION,
        replace_by=(("openai", "==0.28.1"),),
    ),
    BadUse(
        id="openai-1-code",
        ecosystem="python",
        usage="openai-1-code",
        package="openai",
        versions="<1.0",
        meaning=(
            "The code uses the class OpenAI, which openai has had since 1.0: the import fails with "
            "“cannot import name” or “no attribute 'OpenAI'”."
        ),
        known=_SDK_1,
        replace_by=(("openai", ">=1.55.3"),),
    ),
    BadUse(
        id="httpx-not-installed",
        ecosystem="python",
        usage="imports-httpx",
        package="openai",
        versions=">=3.0",
        without="httpx",
        meaning=(
            "The code imports httpx. openai 3 uses httpx2 and no longer installs httpx: the import "
            "fails with ModuleNotFoundError."
        ),
        known=_SDK_3,
        replace_by=(("httpx", ">=0.28"),),
    ),
    BadUse(
        id="assistants-retired",
        ecosystem="python",
        usage="assistants-api",
        package="openai",
        versions="",
        meaning="OpenAI shut the Assistants API down on 2026-08-26: calls of it to OpenAI fail.",
        known=_ASSISTANTS,
        advice="Move the code to the Responses API.",
        url=links.ASSISTANTS_MIGRATION,
    ),
    BadUse(
        id="assistants-retired",
        ecosystem="node",
        usage="assistants-api",
        package="openai",
        versions="",
        meaning="OpenAI shut the Assistants API down on 2026-08-26: calls of it to OpenAI fail.",
        known=_ASSISTANTS,
        advice="Move the code to the Responses API.",
        url=links.ASSISTANTS_MIGRATION,
    ),
    BadUse(
        id="node-3-code",
        ecosystem="node",
        usage="node-3-code",
        package="openai",
        versions=">=4.0",
        meaning=(
            "The code uses Configuration and OpenAIApi of openai 3, which 4.0 removed: it fails "
            "with “Configuration is not a constructor”."
        ),
        known=_NODE_4,
        advice="Change the code to the class OpenAI of openai 4 and later.",
        url=links.NODE_MIGRATION,
        replace_by=(("openai", "^3.3.0"),),
    ),
    BadUse(
        id="node-4-code",
        ecosystem="node",
        usage="node-4-code",
        package="openai",
        versions="<4.0",
        meaning=(
            "The code uses the class OpenAI, which openai has had since 4.0: it fails with "
            "“OpenAI is not a constructor”."
        ),
        known=_NODE_4,
        replace_by=(("openai", "^4.104.0"),),
    ),
)


def _python(variable: str, since: str, on: date) -> VariableSupport:
    url = f"https://github.com/openai/openai-python/releases/tag/v{since}"
    return VariableSupport(
        ecosystem="python",
        package="openai",
        variable=variable,
        since=since,
        known=Known(url=url, on=on),
    )


def _node(variable: str, since: str, on: date) -> VariableSupport:
    url = f"https://github.com/openai/openai-node/releases/tag/v{since}"
    return VariableSupport(
        ecosystem="node",
        package="openai",
        variable=variable,
        since=since,
        known=Known(url=url, on=on),
    )


VARIABLES = (
    _python("OPENAI_ORG_ID", "1.0.0", date(2023, 11, 6)),
    _python("OPENAI_BASE_URL", "1.3.0", date(2023, 11, 15)),
    _python("OPENAI_PROJECT_ID", "1.20.0", date(2024, 4, 16)),
    _python("OPENAI_ADMIN_KEY", "2.34.0", date(2026, 5, 4)),
    _python("OPENAI_CUSTOM_HEADERS", "2.34.0", date(2026, 5, 4)),
    _node("OPENAI_API_KEY", "4.0.0", date(2023, 8, 16)),
    _node("OPENAI_ORG_ID", "4.0.0", date(2023, 8, 16)),
    _node("OPENAI_BASE_URL", "4.21.0", date(2023, 12, 11)),
    _node("OPENAI_PROJECT_ID", "4.36.0", date(2024, 4, 16)),
    _node("OPENAI_ADMIN_KEY", "6.36.0", date(2026, 5, 1)),
    _node("OPENAI_CUSTOM_HEADERS", "6.36.0", date(2026, 5, 1)),
)

KNOWLEDGE = PackageKnowledge(pairs=PAIRS, uses=USES, variables=VARIABLES)
