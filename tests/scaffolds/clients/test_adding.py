"""A client of an outside service, added to projects as `fastwright new` makes them."""

from pathlib import Path

import pytest

from fastwright.errors import ConflictsError, ImpossibleNameError
from fastwright.scaffolds.clients import add_client
from fastwright.scaffolds.draft import Outcome
from fastwright.verbs.review import review
from tests.scaffolds.making import apply, assert_clean, assert_passes, assert_succeeds, made


def text_of(outcome: Outcome, path: str) -> str:
    return outcome.files[path].decode()


@pytest.mark.parametrize(
    "domains",
    [(), pytest.param(("media", "comments", "notifications"), marks=pytest.mark.verify)],
)
def test_the_project_stays_clean_and_the_clients_tests_pass(
    tmp_path: Path, domains: tuple[str, ...]
) -> None:
    root = made(tmp_path, *domains)

    outcome = add_client(root, "tax_rates")

    assert outcome.snippets == ()
    apply(root, outcome)
    assert_clean(root)
    assert_passes(root, "tests/tax_rates", "tests/test_config.py")
    assert review((root,)).findings == ()


def test_adding_it_again_changes_nothing(tmp_path: Path) -> None:
    root = made(tmp_path)
    apply(root, add_client(root, "payments"))

    again = add_client(root, "payments")

    assert again.files == {}


def test_two_clients_stand_beside_each_other(tmp_path: Path) -> None:
    root = made(tmp_path)
    apply(root, add_client(root, "payments"))

    second = add_client(root, "weather")

    main = text_of(second, "src/main.py")
    assert "    payments: PaymentsClient\n    weather: WeatherClient\n" in main
    assert "uv.lock" not in second.files
    assert '    "payments",\n    "weather",\n' in text_of(second, "pyproject.toml")


def test_what_cannot_be_changed_safely_is_left_to_the_user(tmp_path: Path) -> None:
    root = made(tmp_path)
    (root / "src/main.py").write_text("app = make_app()\n")
    (root / "tests/test_config.py").unlink()
    (root / ".env.example").unlink()

    outcome = add_client(root, "payments")

    assert "src/main.py" not in outcome.files
    left = {snippet.path: snippet.text for snippet in outcome.snippets}
    assert set(left) == {"src/main.py", "tests/test_config.py", ".env.example"}
    assert "open_payments(payments_settings) as payments" in left["src/main.py"]


def test_the_users_own_formatting_stays(tmp_path: Path) -> None:
    root = made(tmp_path)
    main = root / "src/main.py"
    main.write_bytes(main.read_bytes().replace(b"\n", b"\r\n") + b"x = {  'a':1 }\r\n")

    text = text_of(add_client(root, "payments"), "src/main.py")

    assert text.endswith("x = {  'a':1 }\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert '"payments": payments,' in text


def test_the_lock_is_the_one_that_uv_would_write(tmp_path: Path, uv: str) -> None:
    root = made(tmp_path)
    assert_succeeds(root, uv, "lock", "--quiet")
    apply(root, add_client(root, "payments"))
    assert_succeeds(root, uv, "lock", "--check")


@pytest.mark.parametrize(
    "name", ["Payments", "2pay", "tax-rates", "日本", "x" * 41, "class", "src"]
)
def test_an_impossible_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ImpossibleNameError):
        add_client(tmp_path, name)


@pytest.mark.parametrize("name", ["redis", "auth"])
def test_what_is_there_already_is_not_replaced(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConflictsError):
        add_client(made(tmp_path), name)
