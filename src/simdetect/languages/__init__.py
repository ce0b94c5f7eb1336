"""The language table, grammars (loaded lazily) and language detection."""

from simdetect.languages.spec import LanguageSpec
from simdetect.languages.table import LANGUAGES, spec_of

__all__ = ["LANGUAGES", "LanguageSpec", "spec_of"]
