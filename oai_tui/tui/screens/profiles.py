"""The saved profiles: what each holds, checking it, giving it a new key, ready calls for it, deleting it. The keyring is read in a worker, and a keyring that fails is named."""

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from oai_tui.domain.ports import KeyringError
from oai_tui.domain.profile import Profile
from oai_tui.domain.rotation import age_days, state_of
from oai_tui.knowledge.links import API_KEYS
from oai_tui.services.profile_store import keyring_error_text
from oai_tui.tui.formatting import ago, display_safe
from oai_tui.tui.screens.dialogs import ConfirmScreen
from oai_tui.tui.screens.snippets import show_snippets
from oai_tui.tui.session import CheckSession
from oai_tui.tui.widgets.action_bar import Action, ActionBar
from oai_tui.tui.widgets.key_footer import KeyFooter
from oai_tui.tui.widgets.key_list import KeyList, profile_row
from oai_tui.tui.widgets.paragraphs import ParagraphView, paragraph
from oai_tui.tui.widgets.title_bar import TitleBar

if TYPE_CHECKING:
    from oai_tui.services.build import Services
    from oai_tui.tui.navigation import Navigation


class ProfilesScreen(Screen[None]):
    """List, show, check, rotate, delete."""

    CSS_PATH = "profiles.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "check",
            "check this profile",
            id="profiles.check",
            key_display="enter",
            tooltip="Walk through every step with this profile",
        ),
        Binding(
            "o",
            "rotate",
            "rotate",
            id="profiles.rotate",
            tooltip="Put a new key in this profile's place, once it has proved to work",
        ),
        Binding(
            "c",
            "snippets",
            "ready calls",
            id="profiles.snippets",
            tooltip="Calls for curl, Python, Node, .env and GitHub Actions, to copy; without the key",
        ),
        Binding(
            "delete,d",
            "delete",
            "delete",
            id="profiles.delete",
            tooltip="Delete this profile from the keyring, after a question",
            key_display="d",
        ),
        Binding(
            "b,escape",
            "back",
            "back",
            id="profiles.back",
            tooltip="Back to the screen before",
            key_display="b",
        ),
    ]

    app: "Navigation"

    def __init__(self, services: "Services") -> None:
        super().__init__()
        self.services = services
        self.profiles: tuple[Profile, ...] = ()

    def compose(self) -> ComposeResult:
        yield TitleBar("Profiles", self.app.badge)
        with VerticalScroll(id="profiles", can_focus=False):
            yield Static(Content("Looking into the keyring …"), id="profile-state")
            yield KeyList(id="profile-list", compact=True, markup=False)
            yield ParagraphView(id="profile-shown")
        yield ActionBar(self._actions(), grab_focus=False)
        yield KeyFooter()

    def on_mount(self) -> None:
        self.query_one("#profile-list").display = False
        self._read()

    @work(exclusive=True, group="keyring")
    async def _read(self) -> None:
        state, listed = (
            self.query_one("#profile-state", Static),
            self.query_one("#profile-list", OptionList),
        )
        try:
            self.profiles = await self.services.saved_profiles()
        except KeyringError as problem:
            self.profiles = ()
            state.update(
                Content.assemble(("! ", "$warning"), keyring_error_text(self.services, problem))
            )
        else:
            keyring = display_safe(self.services.vault.backend)
            state.update(
                Content(
                    f"{len(self.profiles)} in {keyring}"
                    if self.profiles
                    else f"No profiles in {keyring} yet. A key that proves to work can be saved as one."
                )
            )
        at = listed.highlighted or 0
        listed.clear_options()
        listed.add_options(
            [
                Option(
                    profile_row(
                        each, self.app.now(), rotate_days=self.services.rotate_days
                    ).content(self.app.size.width - 8),
                    id=f"profile-{index}",
                )
                for index, each in enumerate(self.profiles)
            ]
        )
        listed.display = bool(self.profiles)
        listed.highlighted = min(at, len(self.profiles) - 1) if self.profiles else None
        if await self.query_one(ActionBar).show(self._actions()):
            self.refresh_bindings()
        self._show()
        if self.profiles:
            listed.focus()
        else:
            self.query_one(ActionBar).focus_primary()

    @property
    def chosen(self) -> Profile | None:
        """The highlighted profile."""
        at = self.query_one("#profile-list", OptionList).highlighted if self.is_mounted else None
        return self.profiles[at] if at is not None and at < len(self.profiles) else None

    def _show(self) -> None:
        profile, box = self.chosen, self.query_one("#profile-shown", ParagraphView)
        if profile is None:
            box.show([])
            return
        now, policy = self.app.now(), self.services.rotate_days
        age, remarks = age_days(profile, now), profile.notes
        facts = (
            ("State", state_of(profile, now, policy)),
            ("Key", f"{profile.kind} {profile.hint}   fingerprint {profile.fingerprint}"),
            ("Base URL", profile.target.base_url),
            ("Organization", profile.target.organization or "none"),
            ("Project", profile.target.project or "none"),
            ("Age", "unknown" if age is None else f"{age} days here"),
            *([("Ends", str(remarks.expires_on))] if remarks.expires_on else []),
            *([("Note", remarks.note)] if remarks.note else []),
            ("Model", profile.model or "none proved"),
            (
                "Verified",
                ago(profile.verified_at, self.app.now()).removeprefix("verified ")
                + f" · billing {profile.billing}",
            ),
            ("Use", f"oai-tui exec {profile.name} -- COMMAND"),
            ("Check", f"oai-tui check --profile {profile.name}"),
        )
        box.show(
            [
                paragraph((f"{name:<14}", "$text-muted"), display_safe(value))
                for name, value in facts
            ]
        )

    def _actions(self) -> tuple[Action, ...]:
        back = Action(id="back", label="Back")
        if not self.profiles:
            return (back,)
        return (
            Action(id="check", label="Check this profile"),
            Action(id="rotate", label="New key"),
            Action(id="snippets", label="Ready calls"),
            Action(id="delete", label="Delete"),
            back,
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Greyed out while there is no profile."""
        return (
            None
            if action in {"check", "delete", "rotate", "snippets"} and not self.profiles
            else True
        )

    @on(OptionList.OptionHighlighted, "#profile-list")
    def _highlighted(self) -> None:
        self._show()

    @on(OptionList.OptionSelected, "#profile-list")
    def _selected(self) -> None:
        self.action_check()

    @on(ActionBar.Chosen)
    async def _chosen(self, event: ActionBar.Chosen) -> None:
        event.stop()
        await self.run_action(event.action)

    def action_check(self) -> None:
        """Walk with the highlighted profile."""
        if self.chosen is not None:
            self.app.check_profile(self.chosen)

    def action_snippets(self) -> None:
        """Show ready calls for the highlighted profile."""
        if self.chosen is not None:
            show_snippets(self.app, self.chosen)

    @work(exclusive=True, group="rotate")
    async def action_rotate(self) -> None:
        """Ask for a new key and walk with it and the profile's settings; saving it under the same name swaps the keys."""
        profile = self.chosen
        if profile is None:
            return
        credential = await self.app.ask_for_key()
        if credential is None:
            return
        if credential.secret.fingerprint == profile.fingerprint:
            self.app.show_note(
                "This is the key that the profile holds already.", f"Make a new one: {API_KEYS}"
            )
            return
        self.app.open_walk(
            CheckSession(
                services=self.services,
                target=profile.target,
                credential=credential,
                profile=profile,
                rotating=True,
            )
        )

    @work(exclusive=True, group="delete")
    async def action_delete(self) -> None:
        """Delete the highlighted profile after a yes."""
        profile = self.chosen
        if profile is None:
            return
        text = f"Its key {profile.hint} is removed from the keyring. The key itself stays valid at OpenAI."
        if not await self.app.push_screen_wait(
            ConfirmScreen(
                f"Delete the profile {profile.name}?", text, yes="Delete it", no="Keep it"
            )
        ):
            return
        try:
            await self.services.vault.delete(profile.name)
        except KeyringError as problem:
            self.app.show_note(
                "The profile was not deleted.", keyring_error_text(self.services, problem)
            )
        except KeyError:
            self.app.show_note("The profile was gone already.", "Somebody else deleted it.")
        self.app.profiles_changed()
        self._read()

    def action_back(self) -> None:
        """Back to the screen before."""
        self.app.pop_screen()
