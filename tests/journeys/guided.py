"""The shell blocks of docs/guides, run in one shell in the order of a reader, and what the API answered them."""

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cli.client import Json
from tests.structure.source import ROOT

GUIDES = ROOT / "docs" / "guides"
READING = (
    ("main-job", range(1, 5)),
    ("categories", None),
    ("rules", None),
    ("recommendations", None),
    ("mappings", None),
    ("templates", None),
    ("main-job", range(5, 6)),
    ("listing", None),
    ("main-job", range(6, 8)),
    ("editing", None),
    ("mending", None),
    ("linking", None),
    ("files", None),
)
"""Guides in the order in which a reader comes to them, the main job in parts: which of its sections."""

BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
OWN_TERMINAL = "./leafmark up"
"""The one block that stays: the test has started everything already."""

LISTEN = """\
curl() {{ command curl "$@" | tee -a '{heard}'; printf '\\n' >> '{heard}'; }}
set -eu
"""
"""What every `curl` was answered is kept beside being printed."""


def blocks(guide: str, sections: range | None = None) -> list[str]:
    """A guide's shell blocks, of all its sections or of some."""
    parts = (GUIDES / f"{guide}.md").read_text("utf-8").split("\n## ")
    wanted = range(len(parts)) if sections is None else sections
    return [block for number in wanted for block in BLOCK.findall(parts[number])]


def script(heard: Path) -> str:
    """The blocks of all guides, each part's behind its guide's name."""
    parts = [LISTEN.format(heard=heard)]
    for guide, sections in READING:
        own = (block for block in blocks(guide, sections) if not block.startswith(OWN_TERMINAL))
        parts += [f"echo '== {guide}'\n", *own]
    return "".join(parts)


@dataclass(frozen=True, slots=True)
class Reading:
    """A reader's session: what was printed, by guide; the answers; the events of each task that was followed."""

    printed: dict[str, list[str]]
    answers: list[Json]
    events: list[Json]

    @classmethod
    def of(cls, folder: Path, known: dict[str, str]) -> Self:
        """Run everything in a folder that looks like the repository's root beside a running stack."""
        (folder / ".leafmark").mkdir()
        (folder / ".leafmark" / "dev.json").write_text(json.dumps(known), "utf-8")
        (folder / "frontend-contract").symlink_to(ROOT / "frontend-contract")
        heard = folder / "heard"
        done = subprocess.run(
            ["bash", "-c", script(heard)], cwd=folder, capture_output=True, text=True, timeout=120, check=False
        )
        assert (done.returncode, done.stderr) == (0, ""), f"{done.stdout}\n{done.stderr}"
        said = [line for line in heard.read_text("utf-8", errors="replace").splitlines() if line]
        events = [line.removeprefix("data:").strip() for line in said if line.startswith("data:")]
        return cls(
            _by_guide(done.stdout),
            [json.loads(line) for line in said if line.startswith(('{"data"', '{"errors"'))],
            [json.loads(event) for event in events if event.startswith("{")],
        )

    def last_looks(self) -> dict[str, Json]:
        """How each task that was followed stood at last, by its id."""
        looks = [event["data"]["taskProgress"]["task"] for event in self.events if event["data"]]
        return {task["id"]: task for task in looks}

    def refusals(self) -> list[object]:
        """Errors and user errors in any answer."""
        said = [*self.answers, *self.events]
        return [found for answer in said for found in (answer.get("errors"), *_user_errors(answer)) if found]


def _by_guide(printed: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    guide = ""
    for line in printed.splitlines():
        if line.startswith("== "):
            guide = line.removeprefix("== ")
            found.setdefault(guide, [])
        else:
            found[guide].append(line)
    return found


def _user_errors(value: object) -> list[object]:
    if isinstance(value, dict):
        inner = [found for each in value.values() for found in _user_errors(each)]
        return [*inner, value["userErrors"]] if "userErrors" in value else inner
    return [found for each in value for found in _user_errors(each)] if isinstance(value, list) else []
