"""Names that say document or data. Such files are still looked at for code (`hidden`), but with higher demands."""

from __future__ import annotations

from typing import Final

from identify import identify

__all__ = ["NOT_CODE_TAGS", "may_hold_code", "says_not_code"]

# fmt: off
# Tags that `identify` gives to documents and data.
NOT_CODE_TAGS: Final = frozenset({
    "asciidoc", "bib", "changelog", "csproj", "csv", "diff", "dotenv", "dtd", "editorconfig", "edn", "geojson",
    "gitattributes", "gitignore", "gpx", "html", "icalendar", "ini", "java-properties", "json", "json5", "jsonld",
    "jupyter", "kml", "license", "manifest", "map", "markdown", "mdx", "msbuild", "pem", "plain-text", "plist",
    "pofile", "resx", "rst", "sln", "svg", "tex", "textproto", "toml", "tsv", "vcxproj", "wsdl", "xhtml", "xml",
    "xsd", "yaml",
})

# Binary files that it does not know: models, tables, sounds and films, documents.
_BINARY_SUFFIXES: Final = frozenset({
    ".avi", ".avro", ".blend", ".ckpt", ".doc", ".docx", ".fbx", ".feather", ".flac", ".gguf", ".glb", ".h5", ".hdf5",
    ".joblib", ".m4a", ".mkv", ".model", ".mov", ".mp3", ".mp4", ".npy", ".npz", ".obj", ".ogg", ".onnx", ".parquet",
    ".pb", ".pickle", ".pkl", ".ppt", ".pptx", ".psd", ".pt", ".pth", ".safetensors", ".tflite", ".uasset", ".wav",
    ".weights", ".xls", ".xlsx",
})

# Tags of binary files that hold others.
_CONTAINERS: Final = frozenset({
    "7z", "bzip2", "cpio", "deb", "ear", "gzip", "iso", "jar", "lzma", "rar", "rpm", "tar", "war", "wheel", "xz", "zip",
    "zst", "zstd",
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


def may_hold_code(name: str) -> bool:
    """Whether a file of that name may hold code inside: not an image, a sound, a font, a model or a table."""
    tags = identify.tags_from_filename(name)
    suffix = "." + name.lower().rpartition(".")[2]
    return suffix not in _BINARY_SUFFIXES and ("binary" not in tags or bool(tags & _CONTAINERS))


def says_not_code(name: str) -> bool:
    """Whether a file name is that of a document or of data."""
    parts = name.lower().split(".")[1:]
    return bool(identify.tags_from_filename(name) & NOT_CODE_TAGS) or any("." + part in _SUFFIXES for part in parts)
