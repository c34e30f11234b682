#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hold the architecture: who may use whom, and the rules of the code that a search can decide.

  tests/layers.py [--self-test]

Prints FILE:LINE: what is wrong, and why, for each breach; exit code 1 if there is any. --self-test feeds
each rule a breach and fails if one goes unnoticed. LayersTest of ctest runs both.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# A layer and what it may include. store and protocol never see each other; only the engine sees both.
LAYERS = {
    "core/model": {"core/model"},
    "core/store": {"core/model", "core/store"},
    "core/protocol": {"core/model", "core/protocol"},
    "core/mime": {"core/model", "core/mime"},
    "core/engine": {"core/model", "core/store", "core/protocol", "core/mime", "core/engine"},
    # MailEngine is the only door: the window sees values, messages as read, and that door.
    "ui": {"core/model", "core/mime", "core/engine", "ui"},
    "app": {"core/model", "core/mime", "core/engine", "ui", "app"},
}
QT_FREE = ("core/model", "core/store", "core/protocol", "core/mime")
# Headers of Qt Widgets and Qt Gui that people reach for; the modules' own include form is refused as a whole.
GUI_HEADER = re.compile(
    r"(QtWidgets|QtGui|QtSvg)/|Q(Widget|Application|GuiApplication|Icon|Pixmap|Image|Color|Font|Palette|Painter"
    r"|Style|Action|Clipboard|Cursor|Desktop\w+|Text(Document|Cursor|Edit|Browser|Layout)|Label|Dialog|Layout"
    r"|\w*View|\w*Delegate|MainWindow|Menu|MessageBox|FileDialog|Screen|Window|KeySequence|Shortcut)$")
VMIME_FILES = re.compile(r"core/protocol/")
# The guard around vmime, and where a thread begins: nothing above could catch what leaves those.
CATCH_ALL = re.compile(r"Guard\.(cpp|h)$|core/engine/Worker\.cpp$|tests/fuzz/")
TOP_LEVEL = {"CMakeLists.txt", "CMakePresets.json", "README.md", "LICENSE", ".ci", "app", "core", "ui",
             "resources", "tests", "packaging", ".clang-format", ".clang-tidy", ".gitignore"}
NESTED_LOOP = re.compile(r"\bprocessEvents\s*\(|\bQEventLoop\b|\.exec\(\)|->exec\(\)")
LOOP_OWNERS = re.compile(r"^app/(main|Application)\.cpp$|^core/store/")
QUOTED = re.compile(r'^\s*#\s*include\s+"([^"]+)"')
ANGLED = re.compile(r"^\s*#\s*include\s+<([^>]+)>")


def without_comments(text):
    """The code alone, line by line: comments and string literals are blanked, line breaks kept."""
    token = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"', re.S)

    def blank(match):
        if match.group().startswith('"') and QUOTED_LINE.search(text[:match.start()].rpartition("\n")[2]):
            return match.group()
        return re.sub(r"[^\n]", " ", match.group())

    return token.sub(blank, text)


QUOTED_LINE = re.compile(r"^\s*#\s*include\s*$")


def layer_of(path):
    return next((layer for layer in sorted(LAYERS, key=len, reverse=True)
                 if path.startswith(layer + "/")), None)


def check_file(path, text):
    """Yields (line, breach) for one source file, named from the repository's root."""
    lines = text.splitlines()
    first = lines[0] if lines else ""
    if "SPDX-License-Identifier: GPL-3.0-or-later" not in first:
        yield 1, "the first line names no licence (// SPDX-License-Identifier: GPL-3.0-or-later)"
    layer = layer_of(path)
    if layer and path.endswith(".h") and (len(lines) < 2 or not lines[1].startswith("//")):
        yield 2, "a header says below its licence why it exists"
    for number, line in enumerate(without_comments(text).splitlines(), 1):
        yield from ((number, breach) for breach in check_line(path, layer, line))


def check_line(path, layer, line):
    quoted, angled = QUOTED.match(line), ANGLED.match(line)
    if layer and quoted:
        target = layer_of(quoted.group(1))
        if target and target not in LAYERS[layer]:
            yield f"{layer} must not include {target}"
        elif target is None and "/" not in quoted.group(1) and not quoted.group(1).endswith(".moc"):
            yield f'includes start at the repository\'s root, not "{quoted.group(1)}"'
    if layer and angled:
        header = angled.group(1)
        if layer in QT_FREE and re.match(r"Q[A-Z]|Qt[A-Z]\w*/|qt6keychain", header):
            yield f"{layer} is free of Qt, {header} is Qt"
        if layer not in ("ui", "app") and GUI_HEADER.search(header):
            yield f"no Qt Widgets or Gui below ui: {header}"
        if layer not in ("core/store",) and re.match(r"SQLiteCpp/|sqlite3\.h", header):
            yield f"SQL lives in core/store, not in {layer}"
    if layer and re.search(r"\bvmime::|<vmime/", line) and not VMIME_FILES.match(path):
        yield "vmime stays in core/protocol"
    if re.search(r"catch\s*\(\s*\.\.\.\s*\)", line) and not CATCH_ALL.search(path):
        yield "catch (...) only in a guard and where a thread begins"
    if layer and NESTED_LOOP.search(line) and not LOOP_OWNERS.match(path):
        yield "no nested event loop: use signals, or open() for a dialog"
    if layer and re.search(r"\bterminate\(\)|\bQThread::sleep|\bsleep_for\b|\busleep\(", line):
        yield "threads are joined and wait on conditions, never terminated and never asleep"


def source_files(root):
    listed = subprocess.run(["git", "-C", str(root), "ls-files", "-co", "--exclude-standard"],
                            capture_output=True, text=True)
    if listed.returncode == 0:
        names = listed.stdout.splitlines()
    else:
        names = [str(p.relative_to(root)) for p in root.rglob("*") if p.is_file()]
        names = [n for n in names if not n.startswith(("build/", ".git/"))]
    return sorted(n for n in names if (root / n).exists())


def check_tree(root):
    names = source_files(root)
    for top in sorted({n.split("/")[0] for n in names} - TOP_LEVEL):
        yield f"{top}:1: the top level is fixed, this does not belong there"
    for name in names:
        if name.endswith((".cpp", ".h")):
            for line, breach in check_file(name, (root / name).read_text("utf-8", "replace")):
                yield f"{name}:{line}: {breach}"


HEAD = "// SPDX-License-Identifier: GPL-3.0-or-later\n// Why.\n"
BREACHES = {
    "core/store/A.cpp": HEAD + '#include "core/protocol/ImapSession.h"\n',
    "core/protocol/A.cpp": HEAD + '#include "core/store/Database.h"\n',
    "core/model/A.cpp": HEAD + '#include "core/store/Database.h"\n',
    "core/mime/A.cpp": HEAD + "#include <QString>\n",
    "core/engine/A.cpp": HEAD + "#include <QIcon>\n",
    "core/engine/B.cpp": HEAD + '#include "ui/theme/Theme.h"\n',
    "core/engine/C.cpp": HEAD + "vmime::string s;\n",
    "core/engine/D.cpp": HEAD + "try { } catch (...) { }\n",
    "ui/A.cpp": HEAD + '#include "core/store/Database.h"\n',
    "ui/B.cpp": HEAD + "dialog.exec();\n",
    "ui/C.cpp": HEAD + '#include "Theme.h"\n',
    "ui/D.h": "// SPDX-License-Identifier: GPL-3.0-or-later\n#pragma once\n",
    "app/A.cpp": "int a;\n",
    "extra/A.cpp": HEAD,
}
FINE = {
    "core/store/Fine.cpp": HEAD + '#include "core/model/Ids.h"\n// catch (...) and vmime:: in a comment\n',
    "core/protocol/Fine.cpp": HEAD + 'auto s = "catch (...)"; vmime::string t;\n',
    "core/engine/Fine.cpp": HEAD + "#include <QObject>\n#include \"core/store/Database.h\"\n",
    "ui/Fine.cpp": HEAD + "#include <QWidget>\n#include \"Fine.moc\"\n",
}


def self_test():
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for path, text in {**BREACHES, **FINE}.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        found = list(check_tree(root))
    missed = [p for p in BREACHES if not any(f.startswith(p + ":") or f.startswith(p.split("/")[0] + ":")
                                             for f in found)]
    wrong = [f for f in found if f.split(":")[0] in FINE]
    for path in missed:
        print(f"self-test: the breach in {path} went unnoticed")
    for line in wrong:
        print(f"self-test: {line} is no breach")
    return 1 if missed or wrong else 0


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    breaches = list(check_tree(ROOT))
    print("\n".join(breaches) if breaches else "The layers hold.")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
