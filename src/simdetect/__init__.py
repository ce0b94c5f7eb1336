"""simdetect: evidence of verbatim recall in generated code."""

__version__ = "0.1.0"
