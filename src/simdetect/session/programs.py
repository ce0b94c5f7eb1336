"""Programs by what they can do to a session: print nothing of their own, leave out lines, fetch, or only read."""

from __future__ import annotations

from typing import Final

from simdetect.languages.notation import words

__all__ = ["CUTTING", "FETCHING", "HARMLESS_WORDS", "READERS", "SAYING", "SILENT", "WRAPPERS"]

# Print nothing, or nothing that is not in the command.
SILENT: Final = words(
    "cd : true false export local declare readonly unset set shift sleep wait exit return break continue mkdir rm",
    "rmdir touch chmod test [ [[ trap ulimit umask shopt read pushd popd kill",
)
# Print their arguments.
SAYING: Final = words(
    "echo printf",
)
# Behind the executable: leave out parts, or show bytes in another way.
CUTTING: Final = words(
    "head tail cat wc sort uniq grep egrep fgrep nl less more od hexdump fold cut column",
)
# Run another program; how many arguments of their own stand before it, beside options.
WRAPPERS: Final = {"timeout": 1, "time": 0, "nice": 0, "env": 0, "stdbuf": 0, "command": 0, "exec": 0, "nohup": 0}
# Only read the files that they are given.
READERS: Final = words(
    "ls file cat head tail stat test [ [[ which type chmod cmp diff md5sum sha1sum sha256sum strings objdump nm",
    "ldd du wc readelf xxd od hexdump strace ltrace gdb find grep echo printf realpath readlink time timeout",
)
# Bring texts from elsewhere, or turn what was written into something else.
FETCHING: Final = words(
    "curl wget git hg svn fossil pip pip3 pipx uv poetry conda npm npx pnpm yarn gem bundle apt apt-get dpkg apk",
    "dnf yum brew nix ftp sftp scp rsync ssh nc ncat telnet lynx w3m aria2c tar unzip gunzip zcat bunzip2 xz unxz",
    "zstd 7z base64 base32 xxd uudecode openssl gpg perl",
)
# Words behind those that do neither.
HARMLESS_WORDS: Final = words(
    "build run test check fmt clippy vet init add commit status diff config log version",
)
