"""The saved profiles: what each holds, checking it, giving it a new key, deleting it.

The keyring is read in a worker; if it fails, the reason is shown.
"""

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from oai_tui.domain.errors import KeyringError
from oai_tui.domain.profile import Profile
from oai_tui.domain.rotation import age_days, state_of
from oai_tui.knowledge.links import API_KEYS
from oai_tui.tui.formatting import display_safe, verified_ago
from oai_tui.tui.screens.dialogs import ConfirmScreen
from oai_tui.tui.screens.snippets import show_snippets
from oai_tui.tui.session import CheckSession
from oai_tui.tui.widgets.action_bar import Action, ActionBar
from oai_tui.tui.widgets.key_footer import KeyFooter
from oai_tui.tui.widgets.key_list import MARGIN, KeyList, profile_row
from oai_tui.tui.widgets.paragraphs import ParagraphView, paragraph
from oai_tui.tui.widgets.title_bar import TitleBar

if TYPE_CHECKING:
    from oai_tui.services.services import Services
    from oai_tui.tui.navigation import Navigation


class ProfilesScreen(Screen[None]):
    """Lists the profiles, and shows the highlighted one."""

    TITLE = "Profiles"
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
            tooltip=(
                "Calls for curl, Python, Node, .env and GitHub Actions, to copy; without the key"
            ),
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
            yield ParagraphView(id="profile-details")
        yield ActionBar(self._actions(), grab_focus=False)
        yield KeyFooter()

    def on_mount(self) -> None:
        self._profile_list.display = False
        self._read_keyring()

    @property
    def _profile_list(self) -> OptionList:
        return self.query_one("#profile-list", OptionList)

    @work(exclusive=True, group="keyring")
    async def _read_keyring(self) -> None:
        state = self.query_one("#profile-state", Static)
        try:
            self.profiles = await self.services.saved_profiles()
        except KeyringError as error:
            self.profiles = ()
            problem = self.services.profiles.error_text(error)
            state.update(Content.assemble(("! ", "$warning"), problem))
        else:
            state.update(Content(self._count_text()))
        self._show_list()
        if await self.query_one(ActionBar).show(self._actions()):
            self.refresh_bindings()
        self._show_details()
        if self.profiles:
            self._profile_list.focus()
        else:
            self.query_one(ActionBar).focus_primary()

    def _count_text(self) -> str:
        """Return how many profiles there are, and in which store."""
        store = display_safe(self.services.profiles.backend)
        if self.profiles:
            return f"{len(self.profiles)} in {store}"
        return f"No profiles in {store} yet. A key that proves to work can be saved as one."

    def _show_list(self) -> None:
        """Fill the list of profiles, and keep what was highlighted."""
        profile_list = self._profile_list
        width = self.app.size.width - MARGIN
        now = self.app.now()
        highlighted = profile_list.highlighted or 0
        profile_list.clear_options()
        for index, profile in enumerate(self.profiles):
            row = profile_row(profile, now, rotate_days=self.services.rotate_days)
            profile_list.add_option(Option(row.content(width), id=f"profile-{index}"))
        profile_list.display = bool(self.profiles)
        last = len(self.profiles) - 1
        profile_list.highlighted = min(highlighted, last) if self.profiles else None

    @property
    def chosen(self) -> Profile | None:
        """The highlighted profile, None if there is none."""
        index = self._profile_list.highlighted if self.is_mounted else None
        if index is None or index >= len(self.profiles):
            return None
        return self.profiles[index]

    def _show_details(self) -> None:
        """Show what the highlighted profile holds, and the commands that use it."""
        profile = self.chosen
        details = self._details(profile) if profile is not None else []
        self.query_one("#profile-details", ParagraphView).show(
            [
                paragraph((f"{name:<14}", "$text-muted"), display_safe(value))
                for name, value in details
            ]
        )

    def _details(self, profile: Profile) -> list[tuple[str, str]]:
        now = self.app.now()
        age = age_days(profile, now)
        verified = verified_ago(profile.verified_at, now).removeprefix("verified ")
        notes = profile.notes
        details = [
            ("State", state_of(profile, now, self.services.rotate_days)),
            ("Key", f"{profile.kind} {profile.hint}   fingerprint {profile.fingerprint}"),
            ("Base URL", profile.target.base_url),
            ("Organization", profile.target.organization or "none"),
            ("Project", profile.target.project or "none"),
            ("Age", "unknown" if age is None else f"{age} days here"),
        ]
        if notes.expires_on:
            details.append(("Ends", str(notes.expires_on)))
        if notes.note:
            details.append(("Note", notes.note))
        details += [
            ("Model", profile.model or "none proved"),
            ("Verified", f"{verified} · billing {profile.billing}"),
            ("Use", f"oai-tui exec {profile.name} -- COMMAND"),
            ("Check", f"oai-tui check --profile {profile.name}"),
        ]
        return details

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
        """Grey out (None) what needs a profile while there is none."""
        needs_profile = action in {"check", "delete", "rotate", "snippets"}
        return None if needs_profile and not self.profiles else True

    @on(OptionList.OptionHighlighted, "#profile-list")
    def _highlight_changed(self) -> None:
        self._show_details()

    @on(OptionList.OptionSelected, "#profile-list")
    def _check_selected(self) -> None:
        self.action_check()

    @on(ActionBar.Chosen)
    async def _run_chosen(self, event: ActionBar.Chosen) -> None:
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
        """Ask for a new key, and walk with it and the profile's settings.

        Saving it under the same name replaces the key.
        """
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
        question = ConfirmScreen(
            f"Delete the profile {profile.name}?",
            f"Its key {profile.hint} is removed from the keyring. "
            "The key itself stays valid at OpenAI.",
            yes="Delete it",
            no="Keep it",
        )
        if not await self.app.push_screen_wait(question):
            return
        try:
            await self.services.profiles.delete(profile.name)
        except KeyringError as error:
            self.app.show_note(
                "The profile was not deleted.", self.services.profiles.error_text(error)
            )
        except KeyError:
            self.app.show_note("The profile was gone already.", "Somebody else deleted it.")
        self.app.profiles_changed()
        self._read_keyring()

    def action_back(self) -> None:
        """Go back to the screen before."""
        self.app.pop_screen()
