"""Compares the splitter with BuildKit's own parser (PyPI package `dockerfile`) on every Dockerfile below a folder.

    python tests/oracles/splitter.py FOLDER...

Says which files differ in their instructions' keywords, lines, flags, heredocs or words. Exits 1 when one does.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import dockerfile

NAME = re.compile(r"(^(Dockerfile|Containerfile)([.-].*)?$)|(\.[dD]ockerfile$)")
JOIN = re.compile(r"[\\`][ \t]*\r*\n")
WORDY = {"ADD", "ARG", "COPY", "ENV", "EXPOSE", "FROM", "LABEL", "MAINTAINER", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"}
SKIPPED = (".dockerignore", ".template", ".tmpl", ".j2")


def candidates(folders):
    for folder in folders:
        for path in sorted(pathlib.Path(folder).rglob("*")):
            if path.is_file() and NAME.search(path.name) and not path.name.endswith(SKIPPED):
                yield str(path)


def dump(paths):
    with tempfile.TemporaryDirectory() as folder:
        listed, dumped = os.path.join(folder, "list"), os.path.join(folder, "dump")
        pathlib.Path(listed).write_text("\n".join(paths) + "\n")
        command = ["cargo", "test", "--quiet", "--test", "integration", "--", "--ignored", "--exact", "dockerfile::dump::dump"]
        subprocess.run(command, check=True, env=os.environ | {"DOCKERFILES": listed, "DUMP": dumped}, stdout=subprocess.DEVNULL)
        return [json.loads(line) for line in open(dumped)]


def unquoted(word, escape):
    """The word without its quotes and escapes; variables stay."""
    out, quote, at = "", None, 0
    while at < len(word):
        char = word[at]
        variable = re.compile(r"\$(\{[^{}]*\}|\w+)").match(word, at) if quote != "'" else None
        if variable:
            out, at = out + variable[0], variable.end()
            continue
        if quote is None and char in "'\"":
            quote = char
        elif char == quote:
            quote = None
        elif char == escape and quote != "'" and at + 1 < len(word):
            at += 1
            out += word[at] if quote is None or word[at] in '"$' + escape else char + word[at]
        elif char != escape or quote == "'":
            out += char
        at += 1
    return out


def expected_words(command, escape):
    """What BuildKit's value says, in the shape of the dump; None where there are no words to compare."""
    cmd, value = command.cmd.upper(), list(command.value)
    if cmd == "HEALTHCHECK":
        value = value[1:]
    if command.json:
        return value
    if cmd not in WORDY or not value:
        return None
    if cmd == "FROM":
        return [unquoted(word, escape) for word in value[:1] + value[2:]]
    if cmd == "ARG":
        value = [part for word in value for part in word.split("=", 1)]
    if cmd in ("COPY", "ADD") and command.heredocs:
        value = [word for word in value if not word.startswith("<<")]
    return [unquoted(word, escape) for word in value]


def differences(path, ours):
    text = open(path, "rb").read().decode("utf-8", "replace")
    theirs = [command for command in dockerfile.parse_string(text) if command.cmd]
    escape = "`" if re.match(r"(?i)(#\s*(syntax|check)\s*=.*\n)*#\s*escape\s*=\s*`", text) else "\\"
    if [(JOIN.sub("", o["keyword"]), o["start"], o["end"]) for o in ours] != [(t.cmd.upper(), t.start_line, t.end_line) for t in theirs]:
        yield "instructions"
        return
    for our, their in zip(ours, theirs):
        at = f"line {our['start']}: "
        if our["flags"] != len(their.flags):
            yield f"{at}flags"
        if our["keyword"] != "ONBUILD" and [list(heredoc) for heredoc in our["heredocs"]] != [[h.name, h.content] for h in their.heredocs]:
            yield f"{at}heredocs"
        words = expected_words(their, escape)
        if words is not None and our["value"] != words:
            yield f"{at}words: {our['value']} for {words}"
        if our["exec"] != their.json and our["keyword"] in ("RUN", "CMD", "ENTRYPOINT", "SHELL", "HEALTHCHECK"):
            yield f"{at}exec form"


def main(folders):
    files = instructions = refused = 0
    wrong = []
    for entry in dump(list(candidates(folders))):
        try:
            found = list(differences(entry["path"], entry["instructions"]))
        except (dockerfile.GoParseError, ValueError) as error:
            refused += 1
            print(f"refused by BuildKit: {entry['path']}: {error}")
            continue
        files += 1
        instructions += len(entry["instructions"])
        wrong += [f"{entry['path']}: {difference}" for difference in found]
    print(*wrong, sep="\n")
    print(f"{files} files, {instructions} instructions, {refused} refused by BuildKit, {len(wrong)} differences")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
