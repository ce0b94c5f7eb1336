"""Words and phrases that standards and languages prescribe: not evidence, whoever lists them.

CONTROL: words for control flow, by what they do in whatever language.
WORDS: reserved words of common languages with SQL, days and months, methods of HTTP.
CONSTANTS: numbers that published algorithms and formats consist of, each known by its value wherever it stands.
PHRASES: names and messages of errno (POSIX, Linux), signals, status codes of HTTP. Written out because those of the
running system differ from machine to machine.
"""

from __future__ import annotations

from typing import Final

__all__ = ["CONSTANTS", "CONTROL", "PHRASES", "WORDS"]

CONTROL: Final = {
    "if": "if elif elsif elseif unless guard",
    "loop": "for while until foreach loop repeat",
    "switch": "switch match",
    "return": "return",
    "break": "break continue",
    "throw": "throw raise",
    "try": "try",
    "catch": "catch except rescue",
}
CONSTANTS: Final[dict[str, tuple[int, ...]]] = {
    "FNV (draft-eastlake-fnv)": (0x811C9DC5, 0x01000193, 0xCBF29CE484222325, 0x100000001B3),
    "xxHash": (
        0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F, 0x165667B1,
        0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5,
    ),
    "MurmurHash": (
        0xCC9E2D51, 0x1B873593, 0xE6546B64, 0x85EBCA6B, 0xC2B2AE35, 0x5BD1E995, 0xC6A4A7935BD1E995,
        0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53, 0x87C37B91114253D5, 0x4CF5AD432745937F,
    ),
    "SipHash": (0x736F6D6570736575, 0x646F72616E646F6D, 0x6C7967656E657261, 0x7465646279746573),
    "golden ratio, SplitMix64": (0x9E3779B9, 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB),
    "MD5 (RFC 1321), SHA-1 (FIPS 180)": (
        0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0, 0x5A827999, 0x6ED9EBA1, 0x8F1BBCDC, 0xCA62C1D6,
    ),
    "Adler-32 (RFC 1950), CRC": (65521, 0xEDB88320, 0x04C11DB7, 0x82F63B78, 0x1EDC6F41, 0xC96C5795D7870F42),
    "linear congruential generators": (
        1103515245, 6364136223846793005, 1442695040888963407, 1664525, 1013904223, 48271, 16807, 2147483647,
    ),
    "Mersenne Twister, xorshift*": (0x9908B0DF, 0x9D2C5680, 0xEFC60000, 1812433253, 2685821657736338717),
    "Unicode": (0x10FFFF, 0x10000, 0xD800, 0xDBFF, 0xDC00, 0xDFFF, 0xFFFD, 0xFEFF),
    "signatures of ZIP, LZ4, Zstandard, ELF": (
        0x04034B50, 0x02014B50, 0x06054B50, 0x08074B50, 0x184D2204, 0x184D2A50, 0xFD2FB528, 0x464C457F,
    ),
}  # fmt: skip
WORDS: Final = """
abstract add alignas alignof all alter and any append apr april arguments as asc asm assert async aug august auto
await become begin between bool boolean box break by byte cap case catch chan char check class close collate column
commit companion complex connect const const_cast constexpr constraint continue copy crate create cross current_date
current_time current_timestamp data database debugger dec december decltype def default defer del delete desc
distinct do double drop dyn dynamic_cast echo elif else elseif elsif end endif ensure enum error escape eval except
exists explicit export extends extern f32 f64 fallthrough false feb february final finally float float32 float64 fn
for foreach foreign fri friday friend from full fun func function get global go goto group having head i16 i32 i64
i8 if imag impl implements import in index inline inner insert instanceof int int16 int32 int64 int8 interface
internal intersect into iota is isize isnull isset jan january join jul july jun june key lambda lateinit left len
let like limit local long loop macro make map mar march match may mod module mon monday move mut mutable namespace
native natural new next nil noexcept none nonlocal not notnull nov november null nullptr object oct october of
offset on open operator options or order outer override package panic pass patch post primary print println priv
private protected pub public put raise range real recover redo ref references register reinterpret_cast repeat
replace require rescue restrict retry return right rollback row rune sat saturday savepoint sealed select self sep
september set short signed sizeof static static_assert static_cast str strictfp string struct sun sunday super
suspend switch synchronized table temp template temporary then this thread_local throw throws thu thursday to trace
trait transaction transient trigger true try tue tuesday type typedef typeid typename typeof u16 u32 u64 u8 uint16
uint32 uint64 uint8 undef undefined union unique unless unsafe unset unsigned unsized until update use using usize
val values var view virtual void volatile wchar_t wed wednesday when where while with without xor yield
"""
PHRASES: Final = """
.lib section in a.out corrupted|Aborted|Accepted|Accessing a corrupted shared library|Address already in use
Address family not supported by protocol|Advertise error|Alarm clock|Already Reported|Argument list too long
Attempting to link in too many shared libraries|Bad Gateway|Bad Request|Bad address|Bad file descriptor
Bad font file format|Bad message|Bad system call|Block device required|Broken pipe|Bus error|CPU time limit exceeded
Can not access a needed shared library|Cannot allocate memory|Cannot assign requested address
Cannot exec a shared library directly|Cannot send after transport endpoint shutdown|Channel number out of range
Child exited|Communication error on send|Conflict|Connection refused|Connection reset by peer|Connection timed out
Continue|Continued|Created|Destination address required|Device not a stream|Device or resource busy
Directory not empty|Disk quota exceeded|E2BIG|EACCES|EADDRINUSE|EADDRNOTAVAIL|EADV|EAFNOSUPPORT|EAGAIN|EALREADY
EBADE|EBADF|EBADFD|EBADMSG|EBADR|EBADRQC|EBADSLT|EBFONT|EBUSY|ECANCELED|ECHILD|ECHRNG|ECOMM|ECONNABORTED
ECONNREFUSED|ECONNRESET|EDEADLOCK|EDESTADDRREQ|EDOM|EDOTDOT|EDQUOT|EEXIST|EFAULT|EFBIG|EHOSTDOWN|EHOSTUNREACH|EIDRM
EILSEQ|EINPROGRESS|EINTR|EINVAL|EIO|EISCONN|EISDIR|EISNAM|EKEYEXPIRED|EKEYREJECTED|EKEYREVOKED|EL2HLT|EL2NSYNC
EL3HLT|EL3RST|ELIBACC|ELIBBAD|ELIBEXEC|ELIBMAX|ELIBSCN|ELNRNG|ELOOP|EMEDIUMTYPE|EMFILE|EMLINK|EMSGSIZE|EMULTIHOP
ENAMETOOLONG|ENAVAIL|ENETDOWN|ENETRESET|ENETUNREACH|ENFILE|ENOANO|ENOBUFS|ENOCSI|ENODATA|ENODEV|ENOENT|ENOEXEC
ENOKEY|ENOLCK|ENOLINK|ENOMEDIUM|ENOMEM|ENOMSG|ENONET|ENOPKG|ENOPROTOOPT|ENOSPC|ENOSR|ENOSTR|ENOSYS|ENOTBLK|ENOTCONN
ENOTDIR|ENOTEMPTY|ENOTNAM|ENOTRECOVERABLE|ENOTSOCK|ENOTSUP|ENOTTY|ENOTUNIQ|ENXIO|EOVERFLOW|EOWNERDEAD|EPERM
EPFNOSUPPORT|EPIPE|EPROTO|EPROTONOSUPPORT|EPROTOTYPE|ERANGE|EREMCHG|EREMOTE|EREMOTEIO|ERESTART|ERFKILL|EROFS
ESHUTDOWN|ESOCKTNOSUPPORT|ESPIPE|ESRCH|ESRMNT|ESTALE|ESTRPIPE|ETIME|ETIMEDOUT|ETOOMANYREFS|ETXTBSY|EUCLEAN|EUNATCH
EUSERS|EXDEV|EXFULL|Early Hints|Exchange full|Exec format error|Expectation Failed|Failed Dependency
File descriptor in bad state|File exists|File name too long|File size limit exceeded|File too large
Floating point exception|Forbidden|Found|Function not implemented|Gateway Timeout|Gone|HTTP Version Not Supported
Hangup|Host is down|I'm a Teapot|I/O possible|IM Used|Identifier removed|Illegal instruction|Illegal seek
Inappropriate ioctl for device|Input/output error|Insufficient Storage|Internal Server Error|Interrupt
Interrupted system call|Interrupted system call should be restarted|Invalid argument|Invalid cross-device link
Invalid exchange|Invalid or incomplete multibyte or wide character|Invalid request code|Invalid request descriptor
Invalid slot|Is a directory|Is a named type file|Key has been revoked|Key has expired|Key was rejected by service
Killed|Length Required|Level 2 halted|Level 2 not synchronized|Level 3 halted|Level 3 reset|Link has been severed
Link number out of range|Locked|Loop Detected|Machine is not on the network|Message too long|Method Not Allowed
Misdirected Request|Moved Permanently|Multi-Status|Multihop attempted|Multiple Choices|Name not unique on network
Network Authentication Required|Network dropped connection on reset|Network is down|Network is unreachable
No CSI structure available|No Content|No XENIX semaphores available|No anode|No buffer space available
No child processes|No data available|No locks available|No medium found|No message of desired type|No route to host
No space left on device|No such device|No such device or address|No such file or directory|No such process
Non-Authoritative Information|Not Acceptable|Not Extended|Not Found|Not Implemented|Not Modified
Not a XENIX named type file|Not a directory|Numerical argument out of domain|Numerical result out of range|OK
Object is remote|Operation already in progress|Operation canceled|Operation not permitted
Operation not possible due to RF-kill|Operation not supported|Operation now in progress|Out of streams resources
Owner died|Package not installed|Partial Content|Payment Required|Permanent Redirect|Permission denied|Power failure
Precondition Failed|Precondition Required|Processing|Profiling timer expired|Protocol driver not attached
Protocol error|Protocol family not supported|Protocol not available|Protocol not supported
Protocol wrong type for socket|Proxy Authentication Required|Quit|RFS specific error|Read-only file system
Remote I/O error|Remote address changed|Request Entity Too Large|Request Header Fields Too Large|Request Timeout
Request-URI Too Long|Requested Range Not Satisfiable|Required key not available|Reset Content
Resource deadlock avoided|Resource temporarily unavailable|SIGABRT|SIGALRM|SIGBUS|SIGCHLD|SIGCONT|SIGFPE|SIGHUP
SIGILL|SIGINT|SIGIO|SIGKILL|SIGPIPE|SIGPROF|SIGPWR|SIGQUIT|SIGSEGV|SIGSTKFLT|SIGSTOP|SIGSYS|SIGTERM|SIGTRAP|SIGTSTP
SIGTTIN|SIGTTOU|SIGURG|SIGUSR1|SIGUSR2|SIGVTALRM|SIGWINCH|SIGXCPU|SIGXFSZ|See Other|Segmentation fault
Service Unavailable|Socket operation on non-socket|Socket type not supported|Software caused connection abort
Srmount error|Stack fault|Stale file handle|State not recoverable|Stopped|Stopped (signal)|Stopped (tty input)
Stopped (tty output)|Streams pipe error|Structure needs cleaning|Switching Protocols|Temporary Redirect|Terminated
Text file busy|Timer expired|Too Early|Too Many Requests|Too many levels of symbolic links|Too many links
Too many open files|Too many open files in system|Too many references: cannot splice|Too many users
Trace/breakpoint trap|Transport endpoint is already connected|Transport endpoint is not connected|Unauthorized
Unavailable For Legal Reasons|Unprocessable Entity|Unsupported Media Type|Upgrade Required|Urgent I/O condition
Use Proxy|User defined signal 1|User defined signal 2|Value too large for defined data type|Variant Also Negotiates
Virtual timer expired|Window changed|Wrong medium type
"""
