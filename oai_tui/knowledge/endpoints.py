"""The endpoints that `oai-tui scopes` tests, each with a request that costs and creates nothing.

A POST is invalid on purpose: a required field is missing, or a field has a wrong type, so that the
API answers 400 to a key that may use the endpoint and 401 or 403 to one that may not. Scope names:
API reference and openai-openapi 2.3.0 (2026-08-21), answers recorded in public issues
(2025-12 to 2026-10). Permissions: help article 8867743 (read 2026-11).
"""

from oai_tui.domain.endpoints import Endpoint

_REQUEST = "api.model.request"
_CAPABILITIES = "Model capabilities: Request"

MODELS = Endpoint(
    method="GET", path="/models", needs=("api.model.read",), permission="Models: Read"
)
ENDPOINTS: tuple[Endpoint, ...] = (
    MODELS,
    Endpoint(
        method="POST",
        path="/responses",
        needs=(_REQUEST, "api.responses.write"),
        permission=f"{_CAPABILITIES}, then Responses: Write",
        body={},
    ),
    Endpoint(
        method="POST",
        path="/chat/completions",
        needs=(_REQUEST,),
        permission=f"{_CAPABILITIES}, then Chat completions: Request",
        body={},
    ),
    Endpoint(
        method="POST",
        path="/embeddings",
        needs=(_REQUEST,),
        permission=f"{_CAPABILITIES}, then Embeddings: Request",
        body={},
    ),
    Endpoint(
        method="POST",
        path="/images/generations",
        needs=(_REQUEST,),
        permission=f"{_CAPABILITIES}, then Images: Request",
        body={},
    ),
    Endpoint(
        method="POST",
        path="/audio/speech",
        needs=(_REQUEST,),
        permission=f"{_CAPABILITIES}, then Text-to-speech: Request",
        body={},
    ),
    Endpoint(
        method="POST",
        path="/moderations",
        needs=(_REQUEST,),
        permission=f"{_CAPABILITIES}, then Moderations: Request",
        body={},
    ),
    Endpoint(
        method="GET",
        path="/files?limit=1",
        needs=("api.files.read",),
        permission="Files: Read",
    ),
    Endpoint(
        method="POST",
        path="/batches",
        needs=("api.batch.write",),
        permission="Batch: Write",
        body={},
    ),
    Endpoint(
        method="POST",
        path="/fine_tuning/jobs",
        needs=("api.fine_tuning.jobs.write",),
        permission="Fine-tuning: Write",
        body={},
    ),
    Endpoint(
        method="GET",
        path="/vector_stores?limit=1",
        needs=("api.vector_stores.read",),
        permission="Vector stores: Read",
    ),
    Endpoint(
        method="POST",
        path="/realtime/client_secrets",
        needs=(_REQUEST,),
        permission=f"{_CAPABILITIES}, then Realtime: Request",
        # An empty body is valid here and would create a secret; a session must be an object.
        body={"session": 0},
    ),
)
