"""The child process that looks into a file somebody handed in: bounded in time and memory, so that it cannot harm.

It reads one JSON line of instructions and then the file from standard input, and writes one JSON line for each finding.
"""

import base64
import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cartaudit.verification.checks import Check, State, failed

LOOK_SECONDS = 15
"""Processor time for looking into a file; one of forty pages takes one second."""

MAKE_SECONDS = 120
"""Processor time for making the audit and its pages again; ours take four."""

LOOK_BYTES = 400_000_000
"""Memory for looking into a file; one of forty pages takes 70 MB."""

MAKE_BYTES = 2_000_000_000
MOST_BYTES = 128_000_000
"""The largest file that is looked into at all."""

_WALL_SECONDS = 1200


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child came to its end: nothing where it did its work, else a sentence."""

    why: str = ""


def run_child(task: str, data: bytes, **told: Any) -> Iterator[Mapping[str, Any] | Ended]:
    """Run a task on a file in a child process, and give what it writes; the last thing given is how it ended."""
    if len(data) > MOST_BYTES:
        yield Ended(f"The file is larger than {MOST_BYTES // 1_000_000} MB, as no report is.")
        return
    lines, code, complaint = _run(json.dumps({"task": task, **told}).encode() + b"\n" + data)
    if code == 1:
        raise RuntimeError(f"the child process that looks into files failed: {complaint}")
    yield from lines[:-1] if lines and lines[-1].get("done") else lines
    if not lines or not lines[-1].get("done"):
        yield Ended(_why(code))


def _run(sent: bytes) -> tuple[list[Mapping[str, Any]], int, str]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "cartaudit.verification.child"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as process:
        try:
            out, err = process.communicate(sent, timeout=_WALL_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
    lines = []
    for line in out.splitlines():
        with contextlib.suppress(ValueError):
            lines.append(json.loads(line))
    complaints = err.decode(errors="replace").splitlines()
    return lines, process.returncode, complaints[-1] if complaints else ""


def _why(code: int) -> str:
    """Say why a child ended early."""
    import signal

    if code in (-getattr(signal, "SIGXCPU", 0), -getattr(signal, "SIGKILL", 9)):
        return "Looking into the file takes more time than any report of ours does."
    return "Looking into the file takes more memory than any report of ours does, or breaks the PDF library."


def main() -> None:
    """Do one task."""
    _bound(LOOK_SECONDS, LOOK_BYTES)
    told = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read()
    sys.setrecursionlimit(5_000)
    try:
        for line in _TASKS[told["task"]](data, told):
            _tell(line)
    except MemoryError:
        return
    _tell({"done": True})


def _tell(line: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _verify(data: bytes, told: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    from cartaudit.verification.verifying import Expected, verify

    expected = Expected(
        template_dir=Path(told["template_dir"]) if told["template_dir"] else None,
        released=Path(told["released"]) if told["released"] else None,
        overlays=tuple(base64.b64decode(overlay) for overlay in told["overlays"]),
        trust=base64.b64decode(told["trust"]) if told["trust"] is not None else None,
    )
    try:
        for check in verify(data, expected, lambda: _bound(MAKE_SECONDS, MAKE_BYTES)):
            yield {"state": check.state.value, "text": check.text}
    except MemoryError:
        raise
    except Exception as error:  # whatever a broken file does to a library is a sentence, never a crash
        from cartaudit.errors import SigningError

        if isinstance(error, SigningError):
            yield {"error": str(error)}
        else:
            check = failed(
                f"The file cannot be looked into: it breaks the reading of PDF files ({type(error).__name__})."
            )
            yield {"state": check.state.value, "text": check.text}


def _contents(data: bytes, told: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    from cartaudit.verification.attached import NoReport, read_contents

    contents = read_contents(data)
    if isinstance(contents, NoReport):
        yield {"state": State.FAILS.value, "text": contents.why}
        return
    for name, file in contents.files.items():
        yield {"name": name, "data": base64.b64encode(file).decode("ascii")}
    for name, fault in contents.faults.items():
        yield {"state": State.FAILS.value, "text": f"{name}: {fault}."}


_TASKS = {"verify": _verify, "contents": _contents}


def _bound(seconds: int, memory: int) -> None:
    """Let this process use so much more processor time, and so much memory, where the system can bound them."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _set(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + seconds)
    _set(resource.RLIMIT_DATA, memory)


def _set(what: int, value: int) -> None:
    import resource

    _, hard = resource.getrlimit(what)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(what, (value, hard))


def checks_of(lines: Iterator[Mapping[str, Any] | Ended]) -> Iterator[Check]:
    """Make checks of what a child wrote. Raises SigningError for what the user, not the file, got wrong."""
    from cartaudit.errors import SigningError

    for line in lines:
        if isinstance(line, Ended):
            yield failed(line.why)
        elif "error" in line:
            raise SigningError(line["error"])
        elif "state" in line:
            yield Check(state=State(line["state"]), text=line["text"])


if __name__ == "__main__":
    main()
