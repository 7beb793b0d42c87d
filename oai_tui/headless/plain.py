"""`oai-tui --plain`: the wizard as questions and answers, line by line.

For screen readers and for terminals that cannot draw screens; it works over pipes too. Both front
ends run the same session, which the command passes in, because a session belongs to the wizard.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any, Protocol, TypeVar

import click

from oai_tui import __version__
from oai_tui.credentials.store.encrypted_file import MIN_PASSPHRASE_LENGTH
from oai_tui.domain.cause import Fix
from oai_tui.domain.decision_tree import Question
from oai_tui.domain.diagnosis import Diagnosis, StepRecord
from oai_tui.domain.discovery_result import DiscoveryResult
from oai_tui.domain.errors import KeyringError
from oai_tui.domain.events import Decided, Event
from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.keys.redaction import Redactor
from oai_tui.domain.observation import Fact
from oai_tui.domain.ports import Answer, Ask
from oai_tui.domain.profile import NAME_RULE, Profile, valid_name
from oai_tui.domain.target import Origin, Target
from oai_tui.headless.console import write_report_file
from oai_tui.headless.line_dialog import InputEnded, LineDialog
from oai_tui.headless.plain_lines import (
    actions_after,
    key_line,
    outcome,
    step_line,
    verdict_lines,
)
from oai_tui.headless.with_profiles import open_profile_store
from oai_tui.reports import REPORTS, cause_page, exit_code, render
from oai_tui.reports.exit_codes import UNDECIDED, WORKS
from oai_tui.reports.labels import WHO_LABELS
from oai_tui.services.fixes import PermanentFix
from oai_tui.services.services import Services
from oai_tui.system.deadline import use_daemon_threads

_OUTCOMES = {
    "working": "the key works",
    "problem": "problem found",
    "undecided": "undecided",
    "aborted": "the check did not finish",
}
_PLACES: Mapping[str, str] = {
    "shell": "in the shell",
    "dotenv": "in .env",
    "code": "in code",
    "profile": "in the profile",
}
_REFUSALS = ("no", "skip", "cancel", "stop")
"""Ids of options that do nothing; Enter chooses the first of these that a question has."""
_FORMATS = {".json": "json", ".md": "markdown"}
_REPORT_NAME = "oai-tui-report.txt"


class Progress(Protocol):
    """The state of one run."""

    facts: dict[str, Fact]
    records: list[StepRecord]
    diagnosis: Diagnosis | None

    def apply(self, event: Event) -> None: ...


class AppliedChange(Protocol):
    """A change for this run, and the lines that make it permanent."""

    @property
    def text(self) -> str: ...

    @property
    def permanent(self) -> Sequence[PermanentFix]: ...


P = TypeVar("P", bound=Progress)


class Session(Protocol[P]):
    """One check, as the wizard runs it."""

    target: Target
    credential: Credential | None
    notice: str

    @property
    def profile(self) -> Profile | None: ...

    @property
    def changes(self) -> Sequence[AppliedChange]: ...

    def begin(self, start: str | None = None, progress: P | None = None) -> P: ...

    def walk(
        self,
        ask: Ask,
        progress: P,
        start: str | None = None,
        before: tuple[StepRecord, ...] = (),
    ) -> AsyncGenerator[Event, None]: ...

    def account_change_note(self, facts: Mapping[str, Fact]) -> str: ...

    def apply(self, fix: Fix, progress: P) -> str: ...

    def recheck(self, progress: P) -> str | None: ...

    def use_key(self, credential: Credential) -> None: ...


MakeSession = Callable[..., Session[Any]]
"""Makes a session from services, target, credential, discovered and profile."""


class _Left(Exception):  # noqa: N818  names a condition, not a mistake
    """The person chose to quit."""


def run_plain(demo: str | None, make_session: MakeSession) -> int:
    """Run the dialog to its end and return the exit code.

    That is the code of the last verdict, as for `check`. Before the first verdict it is 0 for
    quitting, and 11 if the input ends.

    demo: None for this machine, "" for a choice of scenarios, or the id of a scenario.
    """
    with asyncio.Runner() as runner:
        runner.run(_prepare())
        dialog = _PlainDialog(runner, make_session)
        try:
            return dialog.run(demo)
        finally:
            if dialog.services is not None:
                runner.run(dialog.services.aclose())


async def _prepare() -> None:
    use_daemon_threads()


class _PlainDialog:
    """The dialog: choose a key, run the check, choose what to do next."""

    def __init__(self, runner: asyncio.Runner, make_session: MakeSession) -> None:
        self.services: Services | None = None
        self._runner = runner
        self._make_session = make_session
        self._dialog = LineDialog(self._secrets)
        self._code: int | None = None
        """The exit code of the last verdict; None before the first."""

    def _secrets(self) -> Sequence[Any]:
        return self.services.known_secrets() if self.services is not None else ()

    def run(self, demo: str | None) -> int:
        """Run until the person quits or the input ends."""
        say = self._dialog.say
        say(f"oai-tui {__version__}. Answer each question and press Enter. Ctrl+C leaves.")
        try:
            self.services = services = self._open(demo)
            while True:
                self._check(services, self._choose_key(services))
        except _Left:
            return WORKS if self._code is None else self._code
        except InputEnded:
            say("The input ended, so oai-tui leaves.")
            return UNDECIDED if self._code is None else self._code

    def _open(self, demo: str | None) -> Services:
        if demo is None:
            return open_profile_store()
        from oai_tui.services.build import demo_services

        services = demo_services(demo or self._choose_scenario())
        scenario = services.scenario
        if scenario is not None:
            self._dialog.say(f"Demo: {scenario.title}. {scenario.story}")
            self._dialog.say("Nothing is sent to OpenAI, and no key leaves this machine.")
        return services

    def _choose_scenario(self) -> str:
        from oai_tui.simulator.scenarios import SCENARIOS

        names = list(SCENARIOS)
        options = [f"{name}: {SCENARIOS[name].title}" for name in names]
        return names[self._dialog.choose("Which demo?", options)]

    # -- the key

    def _choose_key(self, services: Services) -> Session[Any]:
        """Return a session with the key that is chosen."""
        discovered = services.discover()
        for problem in (*discovered.notes, *discovered.problems):
            self._dialog.say(f"Note: {problem}")
        options: list[tuple[str, Callable[[], Session[Any] | None]]] = []
        for credential in (*discovered.credentials, *discovered.inactive):
            options.append(
                (key_line(credential), _constant(self._session(services, credential, discovered)))
            )
        for profile in self._profiles(services):
            options.append(
                (
                    f"profile {profile.name}, key {profile.hint}",
                    lambda profile=profile: self._from_profile(services, profile),  # type: ignore[misc]
                )
            )
        if not options:
            self._dialog.say("No key was found here.")
        options += [
            ("Enter a key", lambda: self._typed(services)),
            (
                "Check without a key",
                _constant(self._session(services, None, discovered)),
            ),
            ("Quit", self._leave),
        ]
        while True:
            chosen = self._dialog.choose(
                "Which key do you want to check?", [label for label, _ in options], default=0
            )
            session = options[chosen][1]()
            if session is not None:
                return session

    def _session(
        self,
        services: Services,
        credential: Credential | None,
        discovered: DiscoveryResult | None,
        profile: Profile | None = None,
        target: Target | None = None,
    ) -> Session[Any]:
        found = discovered.target if discovered is not None else services.discover().target
        return self._make_session(
            services=services,
            target=target or found,
            credential=credential,
            discovered=discovered,
            profile=profile,
        )

    def _profiles(self, services: Services) -> Sequence[Profile]:
        try:
            return self._runner.run(services.saved_profiles())
        except KeyringError as error:
            self._dialog.say(f"Note: {services.profiles.error_text(error)}")
            return ()

    def _from_profile(self, services: Services, profile: Profile) -> Session[Any] | None:
        try:
            target, credential = self._runner.run(services.load_profile(profile.name))
        except KeyringError as error:
            self._dialog.say(services.profiles.error_text(error))
            return None
        except KeyError:
            self._dialog.say(f"There is no profile {profile.name} now. Choose another key.")
            return None
        return self._session(services, credential, None, profile, target)

    def _typed(self, services: Services) -> Session[Any] | None:
        credential = self._typed_key(services)
        return None if credential is None else self._session(services, credential, None)

    def _typed_key(self, services: Services) -> Credential | None:
        secret = self._dialog.ask_secret("Type or paste the key. It is not shown:")
        if secret is None:
            self._dialog.say("No key was entered.")
            return None
        return services.credential(secret, Origin(kind="typed"))

    def _leave(self) -> None:
        raise _Left

    # -- the check

    def _check(self, services: Services, session: Session[Any]) -> None:
        """Check, and again after each change, until another key is wanted."""
        start: str | None = None
        progress: Any = None
        fixed_cause: str | None = None
        while True:
            progress = session.begin(start, progress)
            diagnosis = self._runner.run(self._walk(services, session, progress, start))
            session.target = diagnosis.target
            if fixed_cause is not None and diagnosis.verdict.outcome != "working":
                same = diagnosis.verdict.cause == fixed_cause
                self._dialog.say(
                    "The fix was applied, but the problem is still there. Try the next fix."
                    if same
                    else "The fix worked. The check found another problem."
                )
            self._code = exit_code(diagnosis.verdict)
            self._say_result(services, session, diagnosis)
            again = self._choose_action(services, session, progress, diagnosis)
            if again is None:
                return
            start, is_fixed = again
            fixed_cause = diagnosis.verdict.cause if is_fixed else None

    async def _walk(
        self, services: Services, session: Session[Any], progress: Any, start: str | None
    ) -> Diagnosis:
        """Run one check, print a line for each step, and return the diagnosis."""
        self._dialog.say()
        self._dialog.say(f"Checking {session.target.host} …")

        async def ask(question: Question, facts: Mapping[str, Fact]) -> Answer:
            return await self._answer(services, session, question, facts)

        kept = tuple(progress.records)
        async with aclosing(session.walk(ask, progress, start, kept)) as events:
            async for event in events:
                progress.apply(event)
                if isinstance(event, Decided):
                    self._dialog.say(step_line(event.record, services.tree))
        diagnosis: Diagnosis | None = progress.diagnosis
        if diagnosis is None:
            raise RuntimeError("the check ended without a diagnosis")
        return diagnosis

    async def _answer(
        self,
        services: Services,
        session: Session[Any],
        question: Question,
        facts: Mapping[str, Fact],
    ) -> Answer:
        dialog = self._dialog
        dialog.say()
        if question.id == "save":
            return await self._ask_name(services, session)
        dialog.say(question.text)
        match question.id:
            case "inference" if model := facts.get("model_for_inference"):
                dialog.say(f"Model: {model}, at most 16 output tokens.")
            case "gateway" | "plain-http":
                dialog.say(f"The key would be sent to {session.target.host}.")
        ids = [option.id for option in question.options]
        if set(ids) == {"yes", "no"}:
            return Answer(option="yes" if dialog.ask_yes() else "no")
        refusal = next((each for each in ids if each in _REFUSALS), ids[-1])
        labels = [option.label for option in question.options]
        return Answer(option=ids[dialog.choose("", labels, default=ids.index(refusal))])

    async def _ask_name(self, services: Services, session: Session[Any]) -> Answer:
        """Ask under which name to save the key; Enter saves nothing."""
        dialog = self._dialog
        taken: Sequence[str] = ()
        try:
            taken = await services.profiles.names()
        except KeyringError as error:
            dialog.say(f"Note: {services.profiles.state_message(error.state)}")
            taken = await self._offer_file(services)
        dialog.say("The key works. You can save it with its settings as a profile.")
        while True:
            name = dialog.ask("Type a name for the profile, or press Enter to save nothing:")
            if not name:
                return Answer(option="no")
            if not valid_name(name):
                dialog.say(f"A name has {NAME_RULE}.")
            elif name not in taken or dialog.ask_yes(
                f"There is a profile {name}. Replace its key and settings?"
            ):
                return Answer(option="save", text=name)

    async def _offer_file(self, services: Services) -> Sequence[str]:
        """Offer the encrypted file where the keyring fails; return the names of its profiles."""
        dialog, file = self._dialog, services.profiles.file
        if file is None or not dialog.ask_yes("Keep profiles in an encrypted file instead?"):
            return ()
        while True:
            passphrase = dialog.ask_secret(f"Passphrase for {file.name}. It is not shown:")
            if passphrase is None:
                return ()
            if not file.exists:
                if passphrase.length < MIN_PASSPHRASE_LENGTH:
                    dialog.say(f"Use at least {MIN_PASSPHRASE_LENGTH} characters.")
                    continue
                if passphrase != dialog.ask_secret("The same passphrase again:"):
                    dialog.say("The two passphrases differ. Type them again.")
                    continue
            try:
                await services.profiles.unlock_file(passphrase)
                return await services.profiles.names()
            except KeyringError as error:
                dialog.say(f"{services.profiles.state_message(error.state)} {error.detail}".strip())
                dialog.say("Try again, or press Enter to go on without the file.")

    # -- the result

    def _say_result(self, services: Services, session: Session[Any], diagnosis: Diagnosis) -> None:
        dialog, verdict = self._dialog, diagnosis.verdict
        dialog.say()
        dialog.say(f"Result: {_OUTCOMES[verdict.outcome]}.")
        for line in verdict_lines(verdict):
            dialog.say(line)
        if verdict.fixes:
            dialog.say()
            dialog.say("What to do:")
        for number, fix in enumerate(verdict.fixes, 1):
            self._say_fix(number, fix)
        if note := session.account_change_note(diagnosis.facts):
            dialog.say(f"Note: {note}")
        self._say_changes(session)
        if saved_as := diagnosis.facts.get("saved_as"):
            store = diagnosis.facts.get("keyring_name") or services.profiles.backend
            dialog.say(f"Saved as profile {saved_as} in {store}.")
            dialog.say("To run a program with it:")
            has_store = services.env.get("OAI_TUI_STORE")
            store = "OAI_TUI_STORE=file " if services.profiles.uses_file and not has_store else ""
            dialog.say(f"{store}oai-tui exec {saved_as} -- COMMAND", indent="  ", verbatim=True)
            if services.mode == "demo":
                dialog.say("This was a demo: the profile is gone when oai-tui ends.")

    def _say_fix(self, number: int, fix: Fix) -> None:
        dialog = self._dialog
        dialog.say(f"{number}. {fix.text}")
        if fix.command:
            dialog.say("Command:", indent="   ")
            for line in fix.command.splitlines():
                dialog.say(line, indent="   ", verbatim=True)
        if fix.url:
            dialog.say(f"Link: {fix.url}", indent="   ", verbatim=True)
        if fix.who != "you":
            dialog.say(f"Who can do this: {WHO_LABELS[fix.who].report}.", indent="   ")
        if not fix.safe:
            dialog.say("This is hard to undo.", indent="   ")

    def _say_changes(self, session: Session[Any]) -> None:
        if not session.changes:
            return
        self._dialog.say()
        self._dialog.say("Changed for this run only:")
        for change in session.changes:
            self._dialog.say(change.text)
            for line in change.permanent:
                place = _PLACES.get(line.where, line.where)
                self._dialog.say(f"To keep it, {place}: {line.text}", verbatim=True)

    def _choose_action(
        self, services: Services, session: Session[Any], progress: Any, diagnosis: Diagnosis
    ) -> tuple[str | None, bool] | None:
        """Ask what to do until something has to run.

        Return the step to check again from (None for all) and whether a fix was applied; None
        instead to choose another key.
        """
        verdict = diagnosis.verdict
        actions = actions_after(verdict, diagnosis.facts)
        while True:
            self._dialog.say()
            chosen = self._dialog.choose("What next?", [label for _, label in actions])
            action, _, index = actions[chosen][0].partition(" ")
            match action:
                case "apply":
                    return session.apply(verdict.fixes[int(index)], progress), True
                case "again":
                    start = session.recheck(progress)
                    if session.notice:
                        self._dialog.say(session.notice)
                    return None if verdict.outcome == "working" else start, False
                case "enter":
                    credential = self._typed_key(services)
                    if credential is not None:
                        session.use_key(credential)
                        return None, False
                case "save":
                    return services.tree.first_of("save"), False
                case "explain":
                    self._explain(services, diagnosis)
                case "report":
                    self._save_report(services, diagnosis)
                case "keys":
                    return None
                case _:
                    raise _Left

    def _explain(self, services: Services, diagnosis: Diagnosis) -> None:
        dialog = self._dialog
        cause = services.catalogue.get(diagnosis.verdict.cause or "")
        if cause is not None:
            parts = {**cause_page.parts_before_fixes(cause), **cause_page.parts_after_fixes(cause)}
            for heading, text in parts.items():
                dialog.say(f"{heading}: {text}")
            for link in cause.links:
                dialog.say(f"Link: {link}", verbatim=True)
        dialog.say("Requests of this check:")
        for record in diagnosis.trail:
            request = record.observation.request
            if request is not None:
                number = record.observation.request_id
                dialog.say(
                    f"{request.method} {request.url}: {outcome(record.observation)}"
                    + (f", request id {number}" if number else "")
                )

    def _save_report(self, services: Services, diagnosis: Diagnosis) -> None:
        dialog = self._dialog
        name = dialog.ask(f"Type a file name (Enter for {_REPORT_NAME}):") or _REPORT_NAME
        path = Path(name).expanduser()
        if path.exists() and not dialog.ask_yes("That file exists. Replace it?"):
            return
        format = _FORMATS.get(path.suffix.lower(), "text")
        page = render(
            format if format in REPORTS else "text",
            diagnosis,
            redact=Redactor(services.known_secrets()),
        )
        try:
            write_report_file(path, page)
        except (click.ClickException, OSError, ValueError) as error:
            reason = error.format_message() if isinstance(error, click.ClickException) else ""
            dialog.say(f"The report was not saved. {reason}".strip())
        else:
            dialog.say("The report was saved. It contains no key.")


def _constant(session: Session[Any]) -> Callable[[], Session[Any]]:
    return lambda: session
