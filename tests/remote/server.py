"""A real HTTP server on loopback for tests: what it answers is decided by path, and it remembers what it was asked."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

Behaviour = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Server:
    """behaviours: what to do at a path. requests: path and headers of each."""

    port: int = 0
    behaviours: dict[str, Behaviour] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        return f"http://{self.place}{path}"

    def paths(self) -> list[str]:
        return [path for path, _ in self.requests]

    def hold(self, path: str, content: bytes) -> str:
        """Answer with content at a path; returns the address."""
        self.behaviours[path] = lambda handler: answer(handler, content)
        return self.url(path)


def answer(handler: BaseHTTPRequestHandler, content: bytes, length: int | None = None, status: int = 200) -> None:
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(content) if length is None else length))
    handler.end_headers()
    handler.wfile.write(content)


def redirect(to: str, status: int = 302) -> Behaviour:
    def behave(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Location", to)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return behave


@contextmanager
def serving(certificate: Path | None = None) -> Iterator[Server]:
    """certificate: with its key, for one that speaks TLS."""
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.requests.append((self.path, dict(self.headers)))
            with suppress(OSError):  # the client may have seen enough
                state.behaviours.get(self.path, lambda handler: answer(handler, b"", status=404))(self)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    state.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()


# --- git -------------------------------------------------------------------------------------------------------------


def commit_files(repository: Path, files: dict[str, str], *, tag: str | None = None, branch: str = "main") -> str:
    """Commit files to a bare repository, which is made if there is none; returns the commit."""
    from dulwich.objects import Blob, Commit
    from dulwich.repo import Repo

    opened = Repo(str(repository)) if repository.exists() else Repo.init_bare(str(repository), mkdir=True)
    with closing(opened) as repo:
        blobs = {name: Blob.from_string(text.encode()) for name, text in files.items()}
        tree = _tree_of(repo, blobs)
        commit = Commit()
        commit.tree = tree
        commit.author = commit.committer = b"A <a@example.org>"
        commit.author_time = commit.commit_time = len(list(repo.object_store))
        commit.author_timezone = commit.commit_timezone = 0
        commit.message = b"a commit"
        ref = f"refs/heads/{branch}".encode()
        commit.parents = [repo.refs[ref]] if ref in repo.refs else []
        for item in (*blobs.values(), commit):
            repo.object_store.add_object(item)
        repo.refs[ref] = commit.id
        if tag is not None:
            repo.refs[f"refs/tags/{tag}".encode()] = commit.id
        return str(commit.id.decode())


def _tree_of(repo: Any, blobs: dict[str, Any]) -> bytes:
    from dulwich.objects import Tree

    tree, folders = Tree(), sorted({name.split("/")[0] for name in blobs if "/" in name})
    for name, blob in blobs.items():
        if "/" not in name:
            tree.add(name.encode(), 0o100644, blob.id)
    for folder in folders:
        inner = {name.partition("/")[2]: blob for name, blob in blobs.items() if name.startswith(f"{folder}/")}
        tree.add(folder.encode(), 0o040000, _tree_of(repo, inner))
    repo.object_store.add_object(tree)
    return bytes(tree.id)


@contextmanager
def git_serving(repositories: dict[str, Path]) -> Iterator[str]:
    """Serve bare repositories by path over smart HTTP; gives HOST:PORT."""
    from dulwich.repo import Repo
    from dulwich.server import DictBackend
    from dulwich.web import make_wsgi_chain

    opened = {path: Repo(str(folder)) for path, folder in repositories.items()}
    app = make_wsgi_chain(DictBackend({path.encode(): repo for path, repo in opened.items()} | dict(opened)))

    class Quiet(WSGIRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

    server = make_server("127.0.0.1", 0, app, handler_class=Quiet)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        for repo in opened.values():
            repo.close()
