"""Settings, read once at the start and passed down. ``.env.example`` lists each of them."""

from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from server.domain.files import MOST_BYTES
from server.kit.secrets import Secret

CommaList = Annotated[tuple[str, ...], NoDecode]


class Settings(BaseSettings):
    """Everything a process needs to know, from environment variables of the same names in capitals."""

    model_config = SettingsConfigDict(arbitrary_types_allowed=True, extra="ignore", frozen=True, env_ignore_empty=True)

    database_url: str = Field(description="postgresql+asyncpg://user:password@host/database")
    redis_url: str = Field(description="redis://host:6379/0 or unix:///path/to/redis.sock")
    public_url: str = Field(
        description="Our own origin as browsers and platforms reach it, e.g. https://app.example.com"
    )
    secret_keys: CommaList = Field(description="Fernet keys, comma-separated, newest first; they encrypt stored tokens")

    shopify_client_id: str = Field(description="The app's client ID from Shopify's Dev Dashboard")
    shopify_client_secret: Secret = Field(description="The app's client secret")
    shopify_previous_client_secret: Secret | None = Field(default=None, description="The old one, during a rotation")
    shopify_url_template: str = Field(
        default="https://{shop}", description="Where a store answers; {shop} is its domain"
    )
    shopify_api_version: str = Field(default="2026-10", description="Admin API version, as YYYY-MM")

    tiktok_app_key: str = Field(description="The TikTok Shop app's key")
    tiktok_app_secret: Secret = Field(description="The TikTok Shop app's secret")
    tiktok_service_id: str = Field(description="The app's service id, used in the authorize link")
    tiktok_api_url: str = Field(default="https://open-api.tiktokglobalshop.com", description="Host of business calls")
    tiktok_auth_url: str = Field(default="https://auth.tiktok-shops.com", description="Host of the token calls")
    tiktok_authorize_url: str = Field(
        default="https://services.tiktokshop.com", description="Host of the authorize page outside the US"
    )
    tiktok_authorize_url_us: str = Field(
        default="https://services.us.tiktokshop.com", description="Host of the authorize page for US sellers"
    )

    tiktok_reads_per_second: float = Field(
        default=5.0, gt=0, description="Calls a second and TikTok shop that only read, at first; then it adapts"
    )
    tiktok_writes_per_second: float = Field(
        default=2.0, gt=0, description="Calls a second and TikTok shop that change something, at first; then it adapts"
    )

    allowed_origins: CommaList = Field(default=(), description="Browser origins that may call the API, comma-separated")
    fetch_allowed_hosts: CommaList = Field(
        default=(), description="Hosts whose pictures may be fetched although their address is private, comma-separated"
    )
    files_url: str = Field(description="Where sellers' files are kept: file:///folder or s3://bucket/prefix")
    files_s3_endpoint: str | None = Field(
        default=None, description="An S3-compatible server's address; empty means AWS's own"
    )
    files_s3_region: str = Field(default="us-east-1", description="The bucket's region")
    files_s3_access_key_id: str | None = Field(
        default=None, description="The bucket's access key; empty means the machine's own role"
    )
    files_s3_secret_access_key: Secret | None = Field(default=None, description="The access key's secret")
    files_max_bytes: int = Field(
        default=MOST_BYTES, ge=1, le=MOST_BYTES, description="Bytes that one uploaded file may have"
    )
    files_shop_max_bytes: int = Field(
        default=2_000_000_000, ge=1, description="Bytes that one store's uploaded files may have together"
    )
    development: bool = Field(default=False, description="Shows GraphiQL; never set it in production")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(default="INFO", description="Least level logged")
    worker_chunks: int = Field(default=4, ge=1, le=64, description="Task chunks one worker process works on at once")
    worker_calls: int = Field(default=8, ge=1, le=64, description="Platform calls one chunk has in flight at once")
    recommender_model: Literal["none", "minilm"] = Field(
        default="none", description="Sentence model of the local category ranking; minilm needs the extra 'model'"
    )
    lease_seconds: float = Field(default=3.0, gt=0.5, description="How long a silent worker keeps its chunk")
    edit_pause_seconds: float = Field(
        default=5.0, ge=0, description="How long changes of a product gather before its listing is edited"
    )
    sweep_seconds: float = Field(default=0.5, gt=0.05, description="How often forgotten work is looked for")

    @field_validator("secret_keys", "allowed_origins", "fetch_allowed_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator(
        "shopify_client_secret",
        "shopify_previous_client_secret",
        "tiktok_app_secret",
        "files_s3_secret_access_key",
        mode="before",
    )
    @classmethod
    def _hide(cls, value: object) -> object:
        return Secret(value) if isinstance(value, str) else value

    @field_validator("secret_keys")
    @classmethod
    def _are_keys(cls, keys: tuple[str, ...]) -> tuple[str, ...]:
        if not keys:
            raise ValueError("at least one Fernet key is needed")
        for key in keys:
            try:
                Fernet(key)
            except ValueError as error:
                raise ValueError(
                    "each key must be 32 bytes in URL-safe base64, as Fernet.generate_key() makes"
                ) from error
        return keys

    @field_validator("database_url")
    @classmethod
    def _is_postgresql(cls, url: str) -> str:
        if not url.startswith("postgresql+asyncpg://"):
            raise ValueError("only PostgreSQL through asyncpg is supported: postgresql+asyncpg://...")
        return url

    @field_validator("files_url")
    @classmethod
    def _is_a_store(cls, url: str) -> str:
        parts = urlsplit(url)
        is_folder = parts.scheme == "file" and not parts.netloc and len(parts.path) > 1
        if not is_folder and not (parts.scheme == "s3" and parts.netloc):
            raise ValueError("it must look like file:///absolute/folder or s3://bucket/prefix")
        return url

    @model_validator(mode="after")
    def _keys_come_in_pairs(self) -> Self:
        if (self.files_s3_access_key_id is None) is not (self.files_s3_secret_access_key is None):
            raise ValueError("FILES_S3_ACCESS_KEY_ID and FILES_S3_SECRET_ACCESS_KEY go together: set both or neither")
        return self
