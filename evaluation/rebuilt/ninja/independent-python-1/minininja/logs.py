"""Records of earlier builds: commands (.ninja_log) and discovered headers (.ninja_deps)."""
import hashlib
import json
import os
import re


def command_hash(edge):
    text = edge.command + "\n" + edge.get("rspfile_content")
    return hashlib.sha1(text.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def parse_depfile(text):
    """The prerequisites named in the Makefile rules of a depfile."""
    words = re.compile(r"(?:\\[ #]|\$\$|\\(?!\r?\n)|[^\s\\])+")
    found = []
    for line in re.sub(r"\\\r?\n", " ", text).splitlines():
        tokens = [re.sub(r"\\([ #])|\$(\$)", r"\1\2", word) for word in words.findall(line)]
        ends = [i for i, token in enumerate(tokens) if token.endswith(":")]
        if ends:
            found += [os.path.normpath(token) for token in tokens[ends[0] + 1:]]
    return found


class Logs:
    HEADER = "# ninja log v7"

    def __init__(self, builddir=""):
        self.log_path = os.path.join(builddir, ".ninja_log")
        self.deps_path = os.path.join(builddir, ".ninja_deps")
        self.built, self.deps = {}, {}
        for line in self._lines(self.log_path):
            fields = line.split("\t")
            if len(fields) == 5:
                self.built[fields[3]] = int(fields[2]), fields[4]
        for line in self._lines(self.deps_path):
            output, mtime, paths = json.loads(line)
            self.deps[output] = mtime, paths

    @staticmethod
    def _lines(path):
        try:
            with open(path, encoding="utf-8", errors="surrogateescape") as file:
                return file.read().splitlines()
        except OSError:
            return []

    @staticmethod
    def _append(path, line, header=""):
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        with open(path, "a", encoding="utf-8", errors="surrogateescape") as file:
            if header and not file.tell():
                print(header, file=file)
            print(line, file=file)

    def record(self, edge, start, end, mtime):
        digest = command_hash(edge)
        for out in edge.all_outs:
            self.built[out.path] = mtime, digest
            self._append(self.log_path, f"{start}\t{end}\t{mtime}\t{out.path}\t{digest}", self.HEADER)

    def record_deps(self, out, paths):
        self.deps[out.path] = out.mtime, paths
        self._append(self.deps_path, json.dumps([out.path, out.mtime, paths]))
