"""The C include style of output."""
import os

BYTES_PER_LINE = 12


def c_name(path):
    base = os.path.basename(path)
    return "".join(c if c.isalnum() else "_" for c in base)


def byte_lines(data):
    pieces = (data[i:i + BYTES_PER_LINE] for i in range(0, len(data), BYTES_PER_LINE))
    return ",\n".join("  " + ", ".join(f"0x{byte:02x}" for byte in piece) for piece in pieces)


def include_text(path, data):
    body = byte_lines(data) + "\n"
    if path is None:
        return body
    name = c_name(path)
    return (f"unsigned char {name}[] = {{\n{body}}};\n"
            f"unsigned int {name}_len = {len(data)};\n")
