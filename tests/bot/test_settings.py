"""Settings: what is accepted, and how a wrong one stops the start."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.settings import Settings, WrongSetting, clock, read, unknown_names

KEY = Fernet.generate_key().decode()
LONG = "x" * 40


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No .env file, and nothing set but what a test sets."""
    monkeypatch.chdir(tmp_path)
    for name in unknown_names() + [f"FANGANG_{name.upper()}" for name in Settings.model_fields]:
        monkeypatch.delenv(name, raising=False)


def test_nothing_set_gives_one_process_on_sqlite_on_this_machine() -> None:
    settings = read()
    assert settings.address == "http://127.0.0.1:8080"
    assert settings.database.render_as_string() == "sqlite+aiosqlite:///data/fangang.db"
    assert (settings.telegram_token, settings.telegram_mode, settings.sms_driver) == (None, "polling", "console")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgresql+asyncpg://u:p@db/fangang"),
        ("AREA", "450206"),
        ("KEYS", f"{KEY}, {KEY}"),
        ("HASH_KEY", LONG),
        ("NOW", "2027-02-08T09:00"),
        ("TELEGRAM_TOKEN", "123:abc-DEF_1"),
        ("WECHAT_APP_ID", "wx1234567890"),
        ("WECHAT_AES_KEY", "a" * 43),
        ("WECOM_AGENT_ID", "1000002"),
        ("SMS_DRIVER", "aliyun"),
        ("PUBLIC_URL", "https://fangang.example.cn/"),
        ("PORT", ""),
    ],
)
def test_every_setting_of_the_list_is_taken(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"FANGANG_{name}", value)
    read()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORT", "abc", "FANGANG_PORT: 'abc' was given, wanted is a port, 1 to 65535"),
        ("PORT", "65536", "FANGANG_PORT: '65536' was given"),
        ("AREA", "柳江", "FANGANG_AREA: '柳江' was given, wanted is the code of an area in areas.tsv, six digits"),
        ("NOW", "tomorrow", "FANGANG_NOW: 'tomorrow' was given, wanted is a moment such as 2027-02-08T09:00"),
        ("DATABASE_URL", "mysql://u:secret@db/x", "FANGANG_DATABASE_URL: mysql://u:***@db/x was given, wanted is"),
        ("DATABASE_URL", "secret", "FANGANG_DATABASE_URL: **** (6 characters) was given"),
        (
            "DATABASE_URL",
            "sqlite+aiosqlite:///:memory:",
            "FANGANG_DATABASE_URL: sqlite+aiosqlite:///%3Amemory%3A was",
        ),
        ("PUBLIC_URL", "fangang.example.cn", "FANGANG_PUBLIC_URL: 'fangang.example.cn' was given, wanted is how"),
        ("KEYS", "secret", "FANGANG_KEYS: **** (6 characters) was given, wanted is Fernet keys"),
        ("HASH_KEY", "secret", "FANGANG_HASH_KEY: **** (6 characters) was given, wanted is a long random text"),
        ("TELEGRAM_TOKEN", "secret", "FANGANG_TELEGRAM_TOKEN: **** (6 characters) was given, wanted is the token"),
        ("TELEGRAM_MODE", "push", "FANGANG_TELEGRAM_MODE: 'push' was given, wanted is polling or webhook"),
        ("WECHAT_AES_KEY", "secret", "FANGANG_WECHAT_AES_KEY: **** (6 characters) was given"),
        ("SMS_DRIVER", "pigeon", "FANGANG_SMS_DRIVER: 'pigeon' was given, wanted is console, aliyun or tencent"),
    ],
)
def test_a_wrong_setting_is_named_with_what_was_given_and_what_is_wanted(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(f"FANGANG_{name}", value)
    with pytest.raises(WrongSetting) as stopped:
        read()
    (line,) = stopped.value.lines
    assert line.startswith(said)
    assert "secret" not in line.replace("a secret", "")


def test_all_wrong_settings_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FANGANG_PORT", "0")
    monkeypatch.setenv("FANGANG_SMS_DRIVER", "pigeon")
    with pytest.raises(WrongSetting) as stopped:
        read()
    assert [line.split(":")[0] for line in stopped.value.lines] == ["FANGANG_PORT", "FANGANG_SMS_DRIVER"]


def test_a_file_named_env_is_read_and_the_environment_goes_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("FANGANG_PORT=8101\nFANGANG_HOST=0.0.0.0\n")
    monkeypatch.setenv("FANGANG_PORT", "8102")
    assert read().address == "http://127.0.0.1:8102"


def test_a_webhook_needs_its_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FANGANG_TELEGRAM_TOKEN", "1:a")
    monkeypatch.setenv("FANGANG_TELEGRAM_MODE", "webhook")
    with pytest.raises(WrongSetting, match="FANGANG_TELEGRAM_WEBHOOK_SECRET: nothing was given"):
        read()


@pytest.mark.parametrize(
    ("given", "allowed"),
    [
        ({}, True),
        ({"TELEGRAM_TOKEN": "1:a"}, False),
        ({"TELEGRAM_TOKEN": "1:a", "TELEGRAM_API_URL": "http://127.0.0.1:9"}, True),
        ({"TELEGRAM_TOKEN": "1:a", "TELEGRAM_API_URL": "http://[::1]:9"}, True),
        ({"TELEGRAM_TOKEN": "1:a", "TELEGRAM_API_URL": "http://localhost:9"}, True),
        ({"TELEGRAM_TOKEN": "1:a", "TELEGRAM_API_URL": "http://127.0.0.1.example.org"}, False),
        ({"WECHAT_APP_ID": "wx1"}, False),
        ({"WECOM_CORP_ID": "ww1"}, False),
        ({"SMS_DRIVER": "aliyun"}, False),
        ({"SMS_DRIVER": "aliyun", "SMS_API_URL": "http://127.0.0.1:9"}, True),
    ],
)
def test_a_false_clock_is_refused_where_it_could_reach_real_people(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], allowed: bool
) -> None:
    monkeypatch.setenv("FANGANG_NOW", "2027-02-08T09:00")
    for name, value in given.items():
        monkeypatch.setenv(f"FANGANG_{name}", value)
    if allowed:
        read()
        return
    with pytest.raises(WrongSetting, match="FANGANG_NOW: 2027-02-08T09:00 was given, wanted is no FANGANG_NOW, or"):
        read()


def test_the_clock_starts_at_the_given_moment_in_shanghai_and_goes_on() -> None:
    now = clock(read(now=datetime.fromisoformat("2027-02-08T09:00")))
    first, second = now(), now()
    assert timedelta(0) <= first - datetime(2027, 2, 8, 1, tzinfo=UTC) < timedelta(seconds=5)
    assert second >= first


def test_keys_are_made_once_and_only_their_owner_reads_them() -> None:
    settings = read()
    sealed = settings.sealer().seal_text("韦小明")
    assert settings.sealer().open_text(sealed) == "韦小明"
    for name in ("keys", "hash_key"):
        assert stat.S_IMODE((settings.data_dir / name).stat().st_mode) == 0o600


def test_the_first_key_seals_and_all_open(monkeypatch: pytest.MonkeyPatch) -> None:
    new = Fernet.generate_key().decode()
    monkeypatch.setenv("FANGANG_HASH_KEY", LONG)
    monkeypatch.setenv("FANGANG_KEYS", KEY)
    sealed = read().sealer().seal_text("韦小明")
    monkeypatch.setenv("FANGANG_KEYS", f"{new},{KEY}")
    assert read().sealer().open_text(sealed) == "韦小明"
    assert Fernet(new).decrypt(read().sealer().seal(b"x")) == b"x"


def test_a_misspelled_name_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FANGANG_TELGRAM_TOKEN", "1:a")
    assert unknown_names() == ["FANGANG_TELGRAM_TOKEN"]


def test_no_secret_shows_in_the_settings_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FANGANG_HASH_KEY", LONG)
    monkeypatch.setenv("FANGANG_KEYS", KEY)
    assert LONG not in repr(read())
    assert KEY not in repr(read())
