"""Colours for shell text, in the 256-colour monokai palette."""
import re

PLAIN, COMMENT, WORD, STRING, NUMBER, OPERATOR = 231, 242, 81, 186, 141, 197
START, END = r"(?<![\w./-])", r"(?=[\s;)`]|$)"
RULES = [(colour, re.compile(pattern, re.M)) for colour, pattern in (
    (COMMENT, r"(?<!\S)#.*"),
    (WORD, START + r"(?:if|then|elif|else|fi|for|while|until|do|done|case|esac|function|return)" + END),
    (PLAIN, START + r"(?:alias|cd|echo|eval|exec|exit|export|kill|printf|read|set|source|test|unset|wait)" + END),
    (PLAIN, r"\w+(?=\s*=)"),
    (WORD, r"\$\("),
    (STRING, r"\$\{"),
    (PLAIN, r"\$(?:\w+|[#?$!@*-])"),
    (NUMBER, r"\\[\s\S]"),
    (STRING, r"'[^']*'"),
    (STRING, r'"(?:\\.|[^"\\])*"'),
    (STRING, r"`"),
    (NUMBER, r"(?<![^\s&])\d+(?=\s|$)"),
    (OPERATOR, r"&&|\|\||==|\[\[|\]\]|[\[\]{}()=]"),
    (PLAIN, r"[;|&]"),
)]


def paint(text, syntax, style, formatter):
    known = style == "monokai" and formatter == "terminal256" and syntax in ("", "bash", "sh")
    return "".join(colour_lines(*piece) for piece in scan(text)) if known else text


def scan(text):
    """Yields (colour, piece); plain characters between tokens form one piece."""
    at, plain, closers = 0, "", []
    while at < len(text):
        colour, token = next(((c, m[0]) for c, rule in RULES if (m := rule.match(text, at))), (None, text[at]))
        at += len(token)
        if colour is None:
            plain += token
            continue
        if plain:
            yield PLAIN, plain
            plain = ""
        if token in ("$(", "${"):
            closers.append((")" if token == "$(" else "}", colour))
        elif closers and token == closers[-1][0]:
            colour = closers.pop()[1]
        parts = re.split(r"(\$\w+)", token) if token[0] == '"' else [token]
        for place, part in enumerate(parts):
            yield (PLAIN if place % 2 else colour), part
    yield PLAIN, plain


def colour_lines(colour, piece):
    *lines, last = piece.split("\n")
    done = "".join(f"\x1b[38;5;{colour}m{line}\x1b[0m\n" for line in lines)
    return done + (f"\x1b[38;5;{colour}m{last}\x1b[0m" if last else "")
