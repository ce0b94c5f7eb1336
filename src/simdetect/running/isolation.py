"""What a worker process gives up before it parses bytes that somebody hostile may have written.

Four independent measures; each is left out where the platform lacks it, and `restrict` says which hold:

- rlimits (every Unix): address space, no core dumps, no bytes written to files, few descriptors.
- no-new-privileges (Linux): no set-uid program can be gained from here.
- Landlock (Linux 5.13 and newer): files can be read where the interpreter, its packages and the system's libraries lie
  and nowhere else; nothing can be written, created, removed or executed; no TCP (6.7), no signals to others (6.12).
- seccomp (Linux, x86-64 and arm64): no socket of any family, no new process or program, no tracing of other processes,
  no loading of kernel code.

The system calls are made with ctypes. The packages that wrap Landlock and seccomp are pre-releases (landlock, since
2025), a few months old (py-landlock, landlockpy, seccompy) or need libseccomp and have no release since 2021
(pyseccomp); the calls used here are a stable part of the kernel and need some hundred lines.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import signal
import struct
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["end_with_creator", "restrict"]

_MAX_DESCRIPTORS: Final = 256  # a worker needs its pipe, modules while they load, and shared libraries
_PR_SET_PDEATHSIG: Final = 1
_PR_SET_SECCOMP: Final = 22
_PR_SET_NO_NEW_PRIVS: Final = 38
_SECCOMP_MODE_FILTER: Final = 2

# Landlock: system calls (the same number on every architecture) and the rights of ABI 1 to 6.
_CREATE_RULESET: Final = 444
_ADD_RULE: Final = 445
_RESTRICT_SELF: Final = 446
_VERSION: Final = 1
_PATH_BENEATH: Final = 1
_READ_FILE: Final = 1 << 2
_READ_DIR: Final = 1 << 3
_FILE_RIGHTS_BY_ABI: Final = {1: (1 << 13) - 1, 2: 1 << 13, 3: 1 << 14, 5: 1 << 15}  # all, refer, truncate, ioctl
_TCP_RIGHTS: Final = 3  # bind, connect; from ABI 4
_SCOPES: Final = 3  # abstract Unix sockets, signals; from ABI 6
_SYSTEM_PATHS: Final = (
    "/usr", "/lib", "/lib64", "/nix/store", "/etc/ld.so.cache", "/etc/localtime", "/dev/null", "/dev/urandom",
    "/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu",
)  # fmt: skip

# seccomp: offsets into what the filter sees, its instructions and its answers.
_NUMBER: Final = 0
_ARCHITECTURE: Final = 4
_FIRST_ARGUMENT: Final = 16
_LOAD: Final = 0x20
_JUMP_IF_EQUAL: Final = 0x15
_JUMP_IF_AT_LEAST: Final = 0x35
_JUMP_IF_SET: Final = 0x45
_RETURN: Final = 0x06
_ALLOW: Final = 0x7FFF0000
_KILL: Final = 0x80000000
_REFUSE: Final = 0x00050000  # plus an error number
_EPERM: Final = 1
_ENOSYS: Final = 38
_CLONE_THREAD: Final = 0x00010000
_X32: Final = 0x40000000  # numbers from here on are the x86-64 kernel's second table


@dataclass(frozen=True, slots=True)
class _Machine:
    """System-call numbers of an architecture. clone, clone3: may make threads, but no processes."""

    audit_number: int
    clone: int
    clone3: int
    refused: tuple[int, ...]


_MACHINES: Final = {
    "x86_64": _Machine(
        0xC000003E, 56, 435,
        (
            41, 53, 425,  # socket, socketpair, io_uring_setup (which can open sockets by itself)
            57, 58, 59, 322,  # fork, vfork, execve, execveat
            101, 310, 311, 312,  # ptrace, process_vm_readv, process_vm_writev, kcmp
            165, 272, 308, 155, 161,  # mount, unshare, setns, pivot_root, chroot
            321, 298, 323, 175, 313, 246, 248, 249, 250,  # bpf, perf_event_open, userfaultfd, modules, kexec, keys
        ),
    ),
    "aarch64": _Machine(
        0xC00000B7, 220, 435,
        (198, 199, 425, 221, 281, 117, 270, 271, 272, 40, 97, 268, 41, 51, 280, 241, 282, 105, 273, 104, 217, 218, 219),
    ),
}  # fmt: skip


def restrict(memory_bytes: int) -> tuple[str, ...]:
    """Take from this process what it does not need, for good, and say which measures hold.

    memory_bytes: address space. Call it before other threads start: they would keep what they have.
    Returns a subset of ("rlimits", "no-new-privileges", "landlock", "seccomp"), in that order.
    """
    measures: tuple[tuple[str, Callable[[], bool]], ...] = (
        ("rlimits", lambda: _limit_resources(memory_bytes)),
        ("no-new-privileges", _renounce_privileges),
        ("landlock", _restrict_files),
        ("seccomp", _filter_calls),
    )
    return tuple(name for name, take in measures if _holds(take))


def end_with_creator() -> None:
    """On Linux: end this process as soon as the thread that started it is gone, also when its process was killed."""
    with contextlib.suppress(OSError, AttributeError):
        _libc().prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _holds(take: Callable[[], bool]) -> bool:
    try:
        return take()
    except (ImportError, OSError, ValueError, AttributeError):
        return False


def _limit_resources(memory_bytes: int) -> bool:
    import resource

    limits = (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, _MAX_DESCRIPTORS),
    )
    done = 0
    for kind, wanted in limits:
        with contextlib.suppress(ValueError, OSError):  # macOS knows RLIMIT_AS and refuses it
            _, hard = resource.getrlimit(kind)
            value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
            resource.setrlimit(kind, (value, value))
            done += 1
    return done == len(limits)


def _libc() -> ctypes.CDLL:
    if sys.platform != "linux":
        raise OSError("not Linux")
    return ctypes.CDLL(None, use_errno=True)


def _checked(result: int) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def _renounce_privileges() -> bool:
    _checked(_libc().prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    return True


# --- Landlock ------------------------------------------------------------------------------------------------------


def _restrict_files() -> bool:
    syscall = _libc().syscall
    abi = _checked(syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION))
    rights = sum(right for since, right in _FILE_RIGHTS_BY_ABI.items() if abi >= since)
    attributes = struct.pack("<QQQ", rights, _TCP_RIGHTS, _SCOPES)[: 24 if abi >= 6 else 16 if abi >= 4 else 8]
    ruleset = _checked(syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0))
    try:
        for path in _readable_paths():
            _let_read(syscall, ruleset, path)
        _checked(syscall(_RESTRICT_SELF, ruleset, 0))
    finally:
        os.close(ruleset)
    return True


def _let_read(syscall: Callable[..., int], ruleset: int, path: str) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there need not be read
    try:
        rights = _READ_FILE | (_READ_DIR if Path(path).is_dir() else 0)
        _checked(syscall(_ADD_RULE, ruleset, _PATH_BENEATH, struct.pack("<Qi", rights, descriptor), 0))
    finally:
        os.close(descriptor)


def _readable_paths() -> Iterator[str]:
    """Where modules and shared libraries lie. The current folder is none of them, though "" stands for it."""
    package = str(Path(__file__).parent.parent)  # an editable installation may hook into imports instead of the path
    python = (sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix, package)
    yield from dict.fromkeys((*python, *(path for path in sys.path if path), *_library_folders(), *_SYSTEM_PATHS))


def _library_folders() -> Iterator[str]:
    for path in os.environ.get("LD_LIBRARY_PATH", "").split(":"):
        if path.startswith("/"):
            yield path


# --- seccomp -------------------------------------------------------------------------------------------------------


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def _filter_calls() -> bool:
    machine = _MACHINES.get(platform.machine())
    if machine is None or sys.maxsize < 1 << 32:
        return False
    program = b"".join(_instructions(machine))
    filled = _Program(len(program) // 8, program)
    _checked(_libc().prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(filled), 0, 0))
    return True


def _instructions(machine: _Machine) -> Iterator[bytes]:
    """The filter: each test is followed by its answer, which is jumped over when the test fails."""
    yield _instruction(_LOAD, _ARCHITECTURE)
    yield _instruction(_JUMP_IF_EQUAL, machine.audit_number, 1, 0)
    yield _instruction(_RETURN, _KILL)
    yield _instruction(_LOAD, _NUMBER)
    for test, number, answer in (
        (_JUMP_IF_AT_LEAST, _X32, _REFUSE | _EPERM),
        (_JUMP_IF_EQUAL, machine.clone3, _REFUSE | _ENOSYS),  # its flags cannot be seen; libc falls back to clone
        *((_JUMP_IF_EQUAL, number, _REFUSE | _EPERM) for number in machine.refused),
    ):
        yield _instruction(test, number, 0, 1)
        yield _instruction(_RETURN, answer)
    yield _instruction(_JUMP_IF_EQUAL, machine.clone, 1, 0)
    yield _instruction(_RETURN, _ALLOW)
    yield _instruction(_LOAD, _FIRST_ARGUMENT)
    yield _instruction(_JUMP_IF_SET, _CLONE_THREAD, 0, 1)
    yield _instruction(_RETURN, _ALLOW)
    yield _instruction(_RETURN, _REFUSE | _EPERM)


def _instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("<HBBI", code, if_true, if_false, value)
