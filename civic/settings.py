"""Every setting, its default and its meaning. Each is read from the environment as ``CIVIC_<NAME>``."""

from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What an operator can choose. Times are in the unit that the name says."""

    model_config = SettingsConfigDict(env_prefix="CIVIC_", extra="ignore")

    # Where things are kept
    data_dir: Path = Field(Path("var"), description="Folder of the database, uploads and keys")
    database_url: str = Field("", description="Empty: SQLite in data_dir. Else postgres://user@host/name")
    pool_size: int = Field(8, description="PostgreSQL connections of one worker")

    # What the platform is called and where it is reached
    name: str = Field("共治 Civic", description="Shown in titles")
    origin: str = Field("http://127.0.0.1:8000", description="Scheme, host and port that people type")
    ledger_origin: str = Field("civic.example/ledger", description="Name of the log in its checkpoints")
    timezone: str = Field("Asia/Shanghai", description="IANA zone that times are shown in")
    default_language: str = Field("zh-Hans", description="zh-Hans or en")

    # Accounts
    session_hours: int = Field(24 * 14, description="A session ends this long after sign-in")
    session_idle_hours: int = Field(24 * 3, description="... or this long after its last use")
    password_min_length: int = Field(10, description="Shortest password, in characters")
    residency_years: int = Field(3, description="A verified residency expires after this time")
    oidc_issuer: str = Field("", description="Issuer URL of an OpenID Connect provider; empty: none")
    oidc_client_id: str = Field("", description="What the provider calls this platform")
    oidc_client_secret: str = Field("", description="The secret that the provider gave")
    oidc_label: str = Field("OpenID Connect", description="Name on the sign-in button")

    # Participation
    support_threshold: int = Field(
        50, description="Supports that qualify a proposal where its area sets none"
    )
    response_working_days: int = Field(20, description="Time for an answer, in working days")
    extension_working_days: int = Field(10, description="Length of the one extension, in working days")
    confirmation_working_days: int = Field(
        10, description="Silence for this time after a report confirms it, in working days"
    )
    convening_blocs: str = Field(
        "government", description="Blocs whose parties may convene a joint meeting, with commas"
    )
    complaint_working_days: int = Field(
        5, description="Time for complaints about a vote after its certification, and for each answer"
    )
    small_box: int = Field(5, description="A group with fewer ballots than this is not broken down")

    # Uploads
    upload_max_bytes: int = Field(10 * 1024 * 1024, description="Largest attachment")
    body_max_bytes: int = Field(
        32 * 1024 * 1024, description="Largest request body: a roll of a million lines with weights fits"
    )

    # Mail; without a host messages stay in the outbox
    smtp_host: str = Field("", description="Mail server; empty: messages stay in the outbox")
    smtp_port: int = Field(25, description="Its port")
    smtp_user: str = Field("", description="Name to sign in with; empty: none")
    smtp_password: str = Field("", description="Its password")
    smtp_tls: str = Field("auto", description="auto: STARTTLS where offered; tls: from the start; none")
    mail_from: str = Field("civic@localhost", description="Sender of messages")

    # Running
    secure_cookies: bool = Field(False, description="True behind https")
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR")
    metrics_token: str = Field("", description="Who sends it reads /metrics; empty: only this machine")
    run_jobs: bool = Field(True, description="False: this process leaves the clock's work to another")
    demo: bool = Field(False, description="Marks every page as a demonstration")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def keys_dir(self) -> Path:
        return self.data_dir / "keys"

    @property
    def files_dir(self) -> Path:
        return self.data_dir / "files"

    @property
    def sqlite_path(self) -> Path:
        return self.data_dir / "civic.db"

    @property
    def on_postgres(self) -> bool:
        return bool(self.database_url)


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process. Tests call ``settings.cache_clear()`` after changing the environment."""
    return Settings()


def table() -> str:
    """All settings as a Markdown document: name in the environment, default, meaning."""
    lines = ["# Settings", "", "Each is an environment variable. Made by `make docs`.", ""]
    lines += ["| variable | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "" if field.default == "" else f"`{field.default}`"
        lines.append(f"| `CIVIC_{name.upper()}` | {default} | {field.description or ''} |")
    return "\n".join(lines) + "\n"
