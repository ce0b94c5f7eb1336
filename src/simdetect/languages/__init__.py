"""All that differs by language, and nothing of it stands anywhere else.

spec        the shape of a row                         rows       the languages, one file a group
notation    short ways to write rows                   rewrites   short ways to write canonical forms
table       the rows by name                           grammar    a row -> its grammar, loaded when it is needed
lexer       a row -> tokens without a grammar          detect     the language of a file
hidden      the language of code under another name    noncode    names that say document or data
standards   words and phrases that languages and standards prescribe
"""

from __future__ import annotations

from simdetect.languages.spec import LanguageSpec
from simdetect.languages.table import LANGUAGES, LEXICAL_LANGUAGES, spec_of

__all__ = ["LANGUAGES", "LEXICAL_LANGUAGES", "LanguageSpec", "spec_of"]
