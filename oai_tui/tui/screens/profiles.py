"""The saved profiles: what each contains, checking, rotating, editing and deleting it.

The keyring is read in a worker; if it fails, the reason is shown.
"""

from collections.abc import Awaitable
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from oai_tui.domain.durations import days_ago, format_days
from oai_tui.domain.errors import KeyringError
from oai_tui.domain.profile import Profile
from oai_tui.domain.rotation import age_days, state_of
from oai_tui.knowledge.links import API_KEYS
from oai_tui.services.profile_changes import apply_edit, delete_profile
from oai_tui.tui.formatting import display_safe, kind_label, verified_ago
from oai_tui.tui.screens.dialogs import ConfirmScreen
from oai_tui.tui.screens.profile_edit import ProfileEditScreen
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
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (160, "-two-columns")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "check",
            "check this profile",
            id="profiles.check",
            key_display="enter",
            tooltip="Check the highlighted profile step by step; if it works, that is stored",
        ),
        Binding(
            "o",
            "rotate",
            "rotate key",
            id="profiles.rotate",
            tooltip="Give this profile a new key; the old one is kept until the new one works",
        ),
        Binding(
            "e",
            "edit('name')",
            "edit",
            id="profiles.edit",
            tooltip="Change the name, the note, the expiry date, the rotation, the default",
        ),
        Binding(
            "n",
            "edit('name')",
            "rename",
            id="profiles.rename",
            tooltip="Change the name of this profile",
            show=False,
        ),
        Binding(
            "t",
            "edit('note')",
            "note",
            id="profiles.note",
            tooltip="Write a note, such as who owns the key",
            show=False,
        ),
        Binding(
            "x",
            "edit('expires')",
            "expiry date",
            id="profiles.expiry",
            tooltip="Enter the day the key expires, to be warned before",
            show=False,
        ),
        Binding(
            "u",
            "use",
            "use as default",
            id="profiles.use",
            tooltip="Make this the default profile, or no longer the default",
            show=False,
        ),
        Binding(
            "m",
            "snippets",
            "code samples",
            id="profiles.snippets",
            tooltip="Samples for curl, Python, Node, .env and GitHub Actions, without the key",
            show=False,
        ),
        Binding(
            "delete,d",
            "delete",
            "delete",
            id="profiles.delete",
            tooltip="Delete this profile from the keyring; asks first",
            key_display="d",
        ),
        Binding(
            "f",
            "use_file",
            "encrypted file",
            id="profiles.file",
            tooltip="Keep profiles in a file encrypted with a passphrase, or unlock that file",
        ),
        Binding(
            "b,escape",
            "back",
            "back",
            id="profiles.back",
            tooltip="Back to the previous screen",
            key_display="b",
        ),
    ]

    app: "Navigation"

    def __init__(self, services: "Services") -> None:
        super().__init__()
        self.services = services
        self.profiles: tuple[Profile, ...] = ()
        self.default: str | None = None
        """The name of the default profile."""
        self.keyring_failed = False
        self._highlight = ""
        """The name of the profile to highlight after the next reading; empty for the same row."""

    def compose(self) -> ComposeResult:
        yield TitleBar("Profiles", self.app.badge)
        with VerticalScroll(id="profiles", can_focus=False):
            yield Static(Content("Reading the keyring…"), id="profile-state")
            yield KeyList(id="profile-list", compact=True, markup=False)
            yield ParagraphView(id="profile-details")
        yield ActionBar(self._actions(), grab_focus=False)
        yield KeyFooter()

    def on_mount(self) -> None:
        self._profile_list.display = False

    def on_screen_resume(self) -> None:
        """Read the keyring now, and again when a check or a rotation may have changed it."""
        self._read_keyring()

    def on_resize(self) -> None:
        """Draw the rows again: they have one line or more, depending on the width."""
        if self.profiles:
            self._show_list()

    @property
    def _profile_list(self) -> OptionList:
        return self.query_one("#profile-list", OptionList)

    @work(exclusive=True, group="keyring")
    async def _read_keyring(self) -> None:
        state = self.query_one("#profile-state", Static)
        try:
            self.profiles = await self.services.saved_profiles()
            self.default = self.services.profiles.default
        except KeyringError as error:
            self.keyring_failed = True
            self.profiles = ()
            problem = self.services.profiles.error_text(error)
            state.update(Content.assemble(("! ", "$warning"), problem))
        else:
            self.keyring_failed = False
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
            count = len(self.profiles)
            return f"{count} profile{'' if count == 1 else 's'} in {store}"
        return (
            f"No profiles in {store} yet. Check a key; once it works, you can save it as a profile."
        )

    def _show_list(self) -> None:
        """Fill the list of profiles, and keep what was highlighted."""
        profile_list = self._profile_list
        width = self.app.size.width
        width = (width * 3 // 5 if width >= self.HORIZONTAL_BREAKPOINTS[-1][0] else width) - MARGIN
        now = self.app.now()
        names = [profile.name for profile in self.profiles]
        highlighted = profile_list.highlighted or 0
        if self._highlight in names:
            highlighted = names.index(self._highlight)
            self._highlight = ""
        profile_list.clear_options()
        for index, profile in enumerate(self.profiles):
            row = profile_row(
                profile,
                now,
                rotate_days=self.services.rotate_days,
                where="default" if profile.name == self.default else "profile",
            )
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
                paragraph((f"{name:<13}", "$text-muted"), display_safe(value))
                for name, value in details
            ]
        )

    def _details(self, profile: Profile) -> list[tuple[str, str]]:
        now = self.app.now()
        age = age_days(profile, now)
        verified = verified_ago(profile.verified_at, now).removeprefix("verified ")
        notes = profile.notes
        details = [
            ("Profile", profile.name + (" (default)" if profile.name == self.default else "")),
            *([("Note", notes.note)] if notes.note else []),
            ("State", state_of(profile, now, self.services.rotate_days)),
            (
                "Key",
                f"{kind_label(profile.kind)} {profile.hint}   fingerprint {profile.fingerprint}",
            ),
            ("Base URL", profile.target.base_url),
            ("Organization", profile.target.organization or "none"),
            ("Project", profile.target.project or "none"),
            ("Age", "unknown" if age is None else f"saved {days_ago(age)}"),
            ("Rotation", self._rotation_text(profile)),
            ("Expires", str(notes.expires_on or "no date set")),
        ]
        if profile.target.direct:
            details.append(("Proxy", "not used for this profile"))
        details += [
            ("Model", profile.model or "none tested"),
            ("Verified", f"{verified} · billing {profile.billing}"),
            ("Use", f"oai-tui exec {profile.name} -- COMMAND"),
            ("Check", f"oai-tui check --profile {profile.name}"),
        ]
        return details

    def _rotation_text(self, profile: Profile) -> str:
        """Return after how many days the key is due for rotation."""
        own = profile.notes.rotate_days
        days = self.services.rotate_days if own is None else own
        return f"every {format_days(days)}" if days else "never due"

    def _actions(self) -> tuple[Action, ...]:
        back = Action(id="back", label="Back")
        if self._can_use_file():
            label = "Unlock or create the encrypted file"
            return (Action(id="use_file", label=label), back)
        if not self.profiles:
            return (back,)
        return (
            Action(id="check", label="Check this profile"),
            Action(
                id="rotate",
                label="Rotate key",
                tooltip="The old key is kept until the new one works",
            ),
            Action(id="edit('name')", label="Edit", tooltip="Name, note, expiry, default"),
            Action(id="snippets", label="Code samples"),
            Action(id="delete", label="Delete"),
            back,
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide what needs a profile while there is none."""
        if action == "use_file":
            return self._can_use_file()
        needs_profile = action in {"check", "delete", "edit", "rotate", "snippets", "use"}
        return not needs_profile or bool(self.profiles)

    def _can_use_file(self) -> bool:
        """True if profiles can't be read, and there may be an encrypted file to open."""
        file = self.services.profiles.file
        return self.keyring_failed and file is not None and not (file.is_used and file.is_open)

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
        """Check the highlighted profile."""
        if self.chosen is not None:
            self.app.check_profile(self.chosen)

    def action_snippets(self) -> None:
        """Show code samples for the highlighted profile."""
        if self.chosen is not None:
            show_snippets(self.app, self.chosen)

    @work(exclusive=True, group="rotate")
    async def action_rotate(self) -> None:
        """Ask for a new key, and check it with the profile's settings.

        Saving it under the same name replaces the key.
        """
        profile = self.chosen
        if profile is None:
            return
        credential = await self.app.ask_for_key(profile)
        if credential is None:
            return
        if credential.secret.fingerprint == profile.fingerprint:
            self.app.show_note(
                f"The profile {profile.name} has this key already.",
                f"Nothing was changed. Create a new key: {API_KEYS}",
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
            f"Its key {profile.hint} is removed from {self.services.profiles.backend}. "
            f"The key still works at OpenAI until you delete it there: {API_KEYS}",
            yes=f"Delete {profile.name}",
            no=f"Keep {profile.name}",
        )
        if await self.app.push_screen_wait(question):
            await self._change(profile, delete_profile(self.services.profiles, profile.name))

    @work(exclusive=True, group="edit")
    async def action_edit(self, field: str) -> None:
        """Change the name, the notes and the default; the form starts with `field`."""
        profile = self.chosen
        if profile is None:
            return
        form = ProfileEditScreen(
            profile,
            is_default=profile.name == self.default,
            taken=[each.name for each in self.profiles],
            redact=self.services.redactor(),
            rotate_days=self.services.rotate_days,
            field=field,
        )
        edit = await self.app.push_screen_wait(form)
        if edit is not None:
            self._highlight = edit.name
            await self._change(profile, apply_edit(self.services.profiles, profile, edit))

    @work(exclusive=True, group="edit")
    async def action_use(self) -> None:
        """Make the highlighted profile the default one, or no longer the default."""
        profile = self.chosen
        if profile is not None:
            await self._change(profile, self._switch_default(profile.name))

    async def _switch_default(self, name: str) -> None:
        profiles = self.services.profiles
        profiles.choose_default(None if profiles.default == name else name)

    async def _change(self, profile: Profile, change: Awaitable[None]) -> None:
        """Make a change and read the profiles again; say so if the change fails."""
        failed = f"The profile {profile.name} was not changed."
        try:
            await change
        except KeyringError as error:
            self.app.show_note(failed, self.services.profiles.error_text(error))
        except KeyError:
            text = "Its key was never checked, or another program deleted it. Check it first."
            self.app.show_note(failed, text)
        except FileExistsError:
            self.app.show_note(failed, "Another profile has that name. Choose another name.")
        except OSError as error:
            reason = error.strerror or str(error)
            text = f"The default can't be stored: {reason}. Set OAI_TUI_PROFILE instead."
            self.app.show_note(failed, text)
        self.app.profiles_changed()
        self._read_keyring()

    @work(exclusive=True, group="file")
    async def action_use_file(self) -> None:
        """Offer the encrypted file; the profiles in it are read when this screen is back."""
        from oai_tui.tui.screens.passphrase import offer_file

        await offer_file(self.app)

    def action_back(self) -> None:
        """Go back to the previous screen."""
        self.app.close_screen(self)
