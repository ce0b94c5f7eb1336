"""Which character stands for each byte in the right-hand panel."""

PRINTABLE = range(0x20, 0x7F)
WHITESPACE = (0x09, 0x0A, 0x0C, 0x0D, 0x20)
LOW_437 = "⋄☺☻♥♦♣♠•◘○◙♂♀♪♫☼►◄↕‼¶§▬↨↑↓→←∟↔▲▼"


def default_glyph(byte):
    if byte == 0:
        return "⋄"
    if byte in PRINTABLE:
        return chr(byte)
    if byte in WHITESPACE:
        return "_"
    return "•" if byte < 0x80 else "×"


def ascii_glyph(byte):
    return chr(byte) if byte in PRINTABLE else "."


def codepage_437_glyph(byte):
    if byte < 0x20:
        return LOW_437[byte]
    if byte == 0x7F:
        return "⌂"
    if byte == 0xFF:
        return "ﬀ"
    return bytes([byte]).decode("cp437")


TABLES = {"default": default_glyph, "ascii": ascii_glyph, "codepage-437": codepage_437_glyph}


def glyph_table(name):
    return [TABLES[name](byte) for byte in range(256)]
