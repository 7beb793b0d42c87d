"""Near names for a mistyped one."""

from oai_tui.domain.suggestions import did_you_mean, similar_names

NAMES = ("key-invalid", "key-missing", "billing")


def test_the_nearest_name_is_first() -> None:
    assert similar_names("key-invalit", NAMES)[0] == "key-invalid"
    assert similar_names("key-invalit", NAMES, limit=1) == ["key-invalid"]


def test_a_hint_names_them_all() -> None:
    assert did_you_mean("biling", NAMES) == "; did you mean billing"
    assert " or " in did_you_mean("key-", ["key-a", "key-b"])


def test_no_hint_for_a_word_that_is_like_no_name() -> None:
    assert did_you_mean("zzz", NAMES) == ""
