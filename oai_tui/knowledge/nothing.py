"""The texts for a pasted text without a failed call: title, explanation and fixes."""

from oai_tui.domain.cause import Fix

TITLE = "This text shows no failed call"
EXPLANATION = (
    "There is no status, no error and no traceback of a call to the OpenAI API in it, so there is "
    "nothing to judge. It may be the part of the output before or after the error."
)
FIXES = (
    Fix(
        text=(
            "Paste the whole error: the traceback from its first line to its last, or the answer's "
            "status line, headers and body."
        ),
        who="you",
    ),
    Fix(
        text="Ask the API once more and explain what it says.",
        who="you",
        command='curl -isS https://api.openai.com/v1/models -H "Authorization: Bearer $OPENAI_API_KEY" 2>&1 | oai-tui explain',
    ),
    Fix(
        text="Run the check on the machine where it fails: it needs no error text.",
        who="you",
        command="oai-tui check",
    ),
)
