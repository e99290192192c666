"""The languages in which TikTok Shop names its categories (TikTok fact sheet 3.7)."""

from server.kit.errors import Invalid

OWN = ""
"""The shop's own language: the platform chooses it by the market when none is named."""

LOCALES = frozenset(
    {
        *("de-DE", "en-GB", "en-IE", "en-US", "es-ES", "es-MX", "fr-FR", "id-ID", "it-IT", "ja-JP", "ms-MY", "pt-BR"),
        *("th-TH", "vi-VN", "zh-CN", "cs-CZ", "de-AT", "de-BE", "el-GR", "fr-BE", "hu-HU", "nl-BE", "nl-NL", "pl-PL"),
        "pt-PT",
    }
)
"""As of the newest reference; a language that joins them is one word here."""


def read_locale(asked: str, *field: str) -> str:
    """The locale as the platform writes it, whatever case it came in; ``Invalid`` for one it does not know."""
    known = {locale.casefold(): locale for locale in LOCALES}
    found = known.get(asked.replace("_", "-").casefold())
    if found is None:
        raise Invalid(f"TikTok Shop does not name categories in {asked[:20]!r}; write it like en-US.", field=field)
    return found
