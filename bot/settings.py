"""The settings: environment variables (or a .env file), parsed once; a wrong one stops the start by its name."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn, Self
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from domain.days import SHANGHAI
from storage.sealing import SHORTEST_HASH_KEY, Sealer, kept_key, sealer

PREFIX = "FANGANG_"
DRIVERS = ("sqlite+aiosqlite", "postgresql+asyncpg")
ON_THIS_MACHINE = {"localhost", "localhost.localdomain"}
SECRET_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,256}")  # Telegram Bot API, setWebhook, secret_token
BOT_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")  # the same, "Authorizing your bot"
AES_KEY_LENGTH = 43  # WeChat and WeCom, "EncodingAESKey"


class WrongSetting(Exception):  # noqa: N818 - said to the operator, who has to set something else
    """A setting can't be used. `lines` name each one, what was given (secrets masked) and what is wanted."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines

    @classmethod
    def of(cls, name: str, given: str, wanted: str) -> Self:
        """One wrong setting."""
        return cls(f"{name}: {given or 'nothing'} was given, wanted is {wanted}")


def _database_url(text: str) -> str:
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise ValueError("no URL") from error
    if url.drivername not in DRIVERS:
        raise ValueError("another driver")
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        raise ValueError("a database in memory is gone at the next start")
    return text


def _public_url(text: str) -> str:
    parts = urlsplit(text.rstrip("/"))
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query or parts.username:
        raise ValueError("not an address of this service")
    return text.rstrip("/")


def _api_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("not a web address")
    return text.rstrip("/")


def _keys(secret: SecretStr) -> SecretStr:
    for key in _split(secret):
        Fernet(key)
    if not _split(secret):
        raise ValueError("no key")
    return secret


def _matches(pattern: re.Pattern[str]) -> Callable[[SecretStr], SecretStr]:
    def check(secret: SecretStr) -> SecretStr:
        if not pattern.fullmatch(secret.get_secret_value()):
            raise ValueError("not of that shape")
        return secret

    return check


def _in_shanghai(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def _split(secret: SecretStr) -> list[str]:
    return [key.strip() for key in secret.get_secret_value().split(",") if key.strip()]


ApiUrl = Annotated[str, AfterValidator(_api_url)]
AesKey = Annotated[SecretStr, Field(min_length=AES_KEY_LENGTH, max_length=AES_KEY_LENGTH)]
A_WEB_ADDRESS = "a web address (http:// or https://)"
AN_AES_KEY = f"the EncodingAESKey, {AES_KEY_LENGTH} characters"


class Settings(BaseSettings):
    """Every setting (interfaces.md, "Settings"). The description of a field is what is wanted of it."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        validate_default=False,
        hide_input_in_errors=True,
    )

    database_url: Annotated[str, AfterValidator(_database_url)] = Field(
        "", description="an SQLAlchemy URL: sqlite+aiosqlite:///FILE or postgresql+asyncpg://USER:PASSWORD@HOST/NAME"
    )
    data_dir: Path = Field(Path("data"), description="a folder")
    host: str = Field("127.0.0.1", description="a host name or address to listen on", min_length=1)
    port: int = Field(8080, description="a port, 1 to 65535", ge=1, le=65535)
    public_url: Annotated[str, AfterValidator(_public_url)] = Field(
        "", description="how the outside reaches this service: http(s)://HOST[:PORT] without a path"
    )
    area: str = Field("", description="the code of an area in areas.tsv, six digits", pattern=r"^\d{6}$")
    keys: Annotated[SecretStr, NoDecode, AfterValidator(_keys)] | None = Field(
        None, description="Fernet keys (32 bytes in URL-safe base64), separated by commas"
    )
    hash_key: SecretStr | None = Field(
        None, description=f"a long random text, at least {SHORTEST_HASH_KEY} characters", min_length=SHORTEST_HASH_KEY
    )
    now: Annotated[datetime, AfterValidator(_in_shanghai)] | None = Field(
        None, description="a moment such as 2027-02-08T09:00 (Shanghai's time where no zone is named)"
    )

    telegram_token: Annotated[SecretStr, AfterValidator(_matches(BOT_TOKEN))] | None = Field(
        None, description="the token that BotFather gave, NUMBER:LETTERS"
    )
    telegram_mode: Literal["polling", "webhook"] = Field("polling", description="polling or webhook")
    telegram_webhook_secret: Annotated[SecretStr, AfterValidator(_matches(SECRET_TOKEN))] | None = Field(
        None, description="1 to 256 of A-Z a-z 0-9 _ -"
    )
    telegram_api_url: ApiUrl = Field("https://api.telegram.org", description=A_WEB_ADDRESS)

    wechat_app_id: str = Field("", description="the AppID")
    wechat_app_secret: SecretStr | None = Field(None, description="the AppSecret")
    wechat_token: SecretStr | None = Field(None, description="the Token")
    wechat_aes_key: AesKey | None = Field(None, description=AN_AES_KEY)
    wechat_api_url: ApiUrl = Field("https://api.weixin.qq.com", description=A_WEB_ADDRESS)

    wecom_corp_id: str = Field("", description="the CorpID")
    wecom_agent_id: str = Field("", description="the AgentId, digits", pattern=r"^\d+$")
    wecom_secret: SecretStr | None = Field(None, description="the Secret")
    wecom_token: SecretStr | None = Field(None, description="the Token")
    wecom_aes_key: AesKey | None = Field(None, description=AN_AES_KEY)
    wecom_api_url: ApiUrl = Field("https://qyapi.weixin.qq.com", description=A_WEB_ADDRESS)

    sms_driver: Literal["console", "aliyun", "tencent"] = Field("console", description="console, aliyun or tencent")
    sms_key_id: str = Field("", description="the AccessKey's or SecretId")
    sms_key_secret: SecretStr | None = Field(None, description="the AccessKey's secret or SecretKey")
    sms_sign: str = Field("", description="the signature that the carrier approved")
    sms_api_url: ApiUrl | None = Field(None, description=A_WEB_ADDRESS)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        """What no single setting shows; WrongSetting rises through pydantic as it is."""
        if self.telegram_mode == "webhook" and self.telegram_token and self.telegram_webhook_secret is None:
            wanted = "a secret of 1 to 256 characters A-Z a-z 0-9 _ - (FANGANG_TELEGRAM_MODE is webhook)"
            raise WrongSetting.of("FANGANG_TELEGRAM_WEBHOOK_SECRET", "", wanted)
        local = _on_this_machine(self.telegram_api_url)
        if self.telegram_mode == "webhook" and self.telegram_token and not (local or self.address.startswith("https:")):
            wanted = "an https address that Telegram can reach (FANGANG_TELEGRAM_MODE is webhook)"
            raise WrongSetting.of("FANGANG_PUBLIC_URL", repr(self.address), wanted)
        for name, address in self._platforms() if self.now else ():
            if not _on_this_machine(address):
                given = f"{self.now:%Y-%m-%dT%H:%M}"
                wanted = (
                    f"no FANGANG_NOW, or {name} on this machine (it is {address}): nobody real may get trial messages"
                )
                raise WrongSetting.of("FANGANG_NOW", given, wanted)
        return self

    def _platforms(self) -> Iterator[tuple[str, str]]:
        """The address of every platform that is switched on, with the name of its setting."""
        if self.telegram_token:
            yield "FANGANG_TELEGRAM_API_URL", self.telegram_api_url
        if self.wechat_app_id:
            yield "FANGANG_WECHAT_API_URL", self.wechat_api_url
        if self.wecom_corp_id:
            yield "FANGANG_WECOM_API_URL", self.wecom_api_url
        if self.sms_driver != "console":
            yield "FANGANG_SMS_API_URL", self.sms_api_url or f"the address of {self.sms_driver}"

    @property
    def database(self) -> URL:
        """Where the tables are."""
        return make_url(self.database_url or f"sqlite+aiosqlite:///{self.data_dir / 'fangang.db'}")

    @property
    def address(self) -> str:
        """How the outside reaches this service, without a slash at the end."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104 - compared, not listened on
        return self.public_url or f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    def sealer(self) -> Sealer:
        """What seals personal data. Keys that are not set are made in the data folder, readable by its owner only."""
        keys = _split(_keys(self.keys or SecretStr(kept_key(self.data_dir / "keys", fernet=True))))
        hash_key = self.hash_key.get_secret_value() if self.hash_key else None
        return sealer(keys, hash_key or kept_key(self.data_dir / "hash_key", fernet=False))


def read(**given: Any) -> Settings:  # noqa: ANN401 - whatever a test or the command line sets instead of the environment
    """The settings. Raises WrongSetting with a line for each one that is wrong."""
    try:
        return Settings(**given)
    except ValidationError as error:
        _explain(error)


def unknown_names() -> list[str]:
    """Names in the environment that look like settings and are none: mostly slips of the keyboard."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    return sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)


def clock(settings: Settings) -> Callable[[], datetime]:
    """The present moment; with FANGANG_NOW it starts there and goes on at the usual pace."""
    start = settings.now
    if start is None:
        return lambda: datetime.now(UTC)
    started = time.monotonic()
    return lambda: start.astimezone(UTC) + timedelta(seconds=time.monotonic() - started)


def _explain(error: ValidationError) -> NoReturn:
    lines: list[str] = []
    for problem in error.errors(include_url=False, include_context=False):
        field = str(problem["loc"][0])
        wanted = str(Settings.model_fields[field].description)
        lines += WrongSetting.of(f"{PREFIX}{field.upper()}", _given(field, problem["input"]), wanted).lines
    raise WrongSetting(*dict.fromkeys(lines)) from None  # the cause would show the secrets


def _given(field: str, value: object) -> str:
    text = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
    if field == "database_url":
        try:
            return make_url(text).render_as_string(hide_password=True)
        except ArgumentError:
            return _masked(text)
    return _masked(text) if "SecretStr" in str(Settings.model_fields[field].annotation) else repr(text)


def _masked(secret: str) -> str:
    return f"**** ({len(secret)} characters)"


def _on_this_machine(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host in ON_THIS_MACHINE
