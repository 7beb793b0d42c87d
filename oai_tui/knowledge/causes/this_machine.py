"""The family "this-machine": keyring and the like; and `unknown`, for what nothing else explains."""

from oai_tui.domain.cause import Cause, Fix, Sign
from oai_tui.domain.when import When
from oai_tui.knowledge import links

_OTHER_SOURCES = Fix(text="Go on without a keyring: the key can stay in the environment or be typed for this run.", who="you")

CAUSES = (
    Cause(
        id="keyring-unavailable", family="this-machine", title="This machine has no usable keyring",
        meaning="No keyring back end can be used: none is installed, no D-Bus session runs, or the one chosen would keep keys as plain text.",
        finding="The keyring cannot be used: {keyring_detail}.",
        looks="NoKeyringError; no D-Bus session; the null back end.",
        confirm="keyring --list-backends",
        fixes=(Fix(text="Install and start a Secret Service, such as gnome-keyring.", who="you", command="sudo apt-get install gnome-keyring && dbus-run-session -- bash"), _OTHER_SOURCES),
        signs=(Sign(when=When(fact={"keyring": ("unavailable", "insecure")})),),
    ),
    Cause(
        id="keyring-locked", family="this-machine", title="The keyring is locked",
        meaning="The keyring is there, but locked, or unlocking it was refused. Nothing was lost.",
        finding="The keyring ({keyring_name}) is locked. Unlock it and try again; nothing was lost.",
        looks="KeyringLocked; “Failed to unlock”; macOS -128 or -25308.",
        confirm="Unlock it and try again.",
        fixes=(Fix(text="Unlock it (asks for the keyring's password), then try again.", who="you", command="gnome-keyring-daemon --unlock"), _OTHER_SOURCES),
        signs=(Sign(when=When(fact={"keyring": "locked"})),),
    ),
    Cause(
        id="keyring-failed", family="this-machine", title="The keyring did not do what was asked",
        meaning="The keyring refused the operation, did not answer in time, or gave back something else than what was stored. No half profile was left.",
        finding="The keyring ({keyring_name}) failed: {keyring_detail}.",
        looks="A refused write; no answer within the limit; a read-back that differs.",
        confirm="Store and read a test entry.",
        fixes=(Fix(text="Look whether a keyring dialog waits on another screen, then try again.", who="you"), Fix(text="Try the back end by itself.", who="you", command="keyring --list-backends"), _OTHER_SOURCES),
        signs=(Sign(when=When(fact={"keyring": ("refused", "slow", "differs")})),),
    ),
    Cause(
        id="unknown", family="this-machine", title="Nothing we know explains this",
        meaning="The answer fits none of the known causes. Rather than guess, here is the evidence; the request ids let OpenAI's support look it up.",
        looks="Anything else.",
        confirm="Open the evidence, and compare it with the error-codes guide.",
        fixes=(Fix(text="Compare the answer with the error-codes guide.", who="you", url=links.ERROR_CODES), Fix(text="Send the request ids to support.", who="openai", url=links.SUPPORT)),
    ),
)
