"""Names that say document or data. Such files are still looked at for code (`hidden`), but with higher demands."""

from __future__ import annotations

from typing import Final

from identify import identify

__all__ = ["NOT_CODE_TAGS", "says_not_code"]

# fmt: off
# Tags that `identify` gives to documents and data.
NOT_CODE_TAGS: Final = frozenset({
    "asciidoc", "bib", "changelog", "csproj", "csv", "diff", "dotenv", "dtd", "editorconfig", "edn", "geojson",
    "gitattributes", "gitignore", "gpx", "html", "icalendar", "ini", "java-properties", "json", "json5", "jsonld",
    "jupyter", "kml", "license", "manifest", "map", "markdown", "mdx", "msbuild", "pem", "plain-text", "plist",
    "pofile", "resx", "rst", "sln", "svg", "tex", "textproto", "toml", "tsv", "vcxproj", "wsdl", "xhtml", "xml",
    "xsd", "yaml",
})

# Extensions that it does not know, or calls something else.
_SUFFIXES: Final = frozenset({
    ".1", ".2", ".3", ".4", ".5", ".6", ".7", ".8", ".9", ".ansitxt", ".cfg", ".cnf", ".conf", ".crt", ".csr",
    ".dat", ".data", ".diff", ".expect", ".expected", ".filters", ".golden", ".info", ".key", ".list", ".lock",
    ".log", ".man", ".normal", ".org", ".out", ".patch", ".pc", ".pem", ".plist", ".po", ".pod", ".pot",
    ".properties", ".rc", ".rtf", ".sample", ".sln", ".snap", ".stderr", ".stdout", ".strip", ".sum", ".tex",
    ".texi", ".text", ".txt", ".vcxproj",
})
# fmt: on


def says_not_code(name: str) -> bool:
    """Whether a file name is that of a document or of data."""
    parts = name.lower().split(".")[1:]
    return bool(identify.tags_from_filename(name) & NOT_CODE_TAGS) or any("." + part in _SUFFIXES for part in parts)
