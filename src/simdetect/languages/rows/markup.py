"""Code in documents, styles and templates; and code of no known language."""

from __future__ import annotations

from simdetect.languages.notation import C_BLOCK, MARKUP_BLOCK, SLASHES, lexical
from simdetect.languages.spec import Ambiguity

__all__ = ["ROWS", "SHARED"]

ROWS = (
    lexical("css", "CSS", "css", block_comments=C_BLOCK, minified=True, describes=True),
    lexical(
        "scss",
        "SCSS",
        "scss sass less styl",
        line_comments=SLASHES,
        block_comments=C_BLOCK,
        family="css",
        describes=True,
    ),
    lexical(
        "vue",
        "Vue",
        "vue svelte astro",
        line_comments=SLASHES,
        block_comments=(*C_BLOCK, *MARKUP_BLOCK),
        quotes=('"', "'", "`"),
        holds="components",
    ),
    lexical(
        "html",
        "HTML",
        "",
        line_comments=SLASHES,
        block_comments=(*C_BLOCK, *MARKUP_BLOCK),
        quotes=('"', "'", "`"),
        holds="pages",
    ),
    lexical(
        "template",
        "Template",
        "ejs erb jsp jspx asp aspx cshtml razor hbs mustache handlebars liquid twig njk",
        line_comments=SLASHES,
        block_comments=(*C_BLOCK, *MARKUP_BLOCK),
        holds="components",
    ),
    lexical("pug", "Pug", "pug jade", line_comments=SLASHES, tags=("jade",)),
    lexical("tex", "TeX", "sty cls dtx ins", line_comments=("%",), quotes=()),
    lexical("text-code", "Code in an unknown language", "", line_comments=SLASHES, block_comments=C_BLOCK),
)

SHARED = {
    ".cls": Ambiguity(
        (
            (rb"^[ \t]*\\(NeedsTeXFormat|ProvidesClass|LoadClass|newcommand|def)\b", "tex"),
            (rb"(?i)^[ \t]*(VERSION \d|Attribute VB_|Option Explicit)", "visual-basic"),
            (rb"\bclass\s+\w+", "apex"),
        ),
        "tex",
    ),
    ".ins": Ambiguity(((rb"^[ \t]*[\\%]", "tex"),), None),
}
