"""What the repository promises about itself: pinned dependencies, vendored files, names that exist."""

from __future__ import annotations

import hashlib
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parents[1]
VENDOR = ROOT / "console" / "static" / "vendor"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

ROW = re.compile(r"^\| (\S+) \| \S+ \| \d+\.\d+\.\d+ \| \S+ \| ([0-9a-f]{64}) \|$", re.MULTILINE)
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)


def vendored() -> dict[str, str]:
    return dict(ROW.findall((VENDOR / "README.md").read_text("utf-8")))


def required() -> list[Requirement]:
    project = PROJECT["project"]
    return [Requirement(line) for line in [*project["dependencies"], *project["optional-dependencies"]["dev"]]]


@pytest.mark.parametrize("name", sorted(vendored()))
def test_a_vendored_file_is_the_one_that_was_fetched(name: str) -> None:
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == vendored()[name]


def test_every_vendored_file_is_written_down() -> None:
    assert {path.name for path in VENDOR.iterdir()} - {"README.md"} == set(vendored())


@pytest.mark.parametrize("requirement", required(), ids=lambda requirement: requirement.name)
def test_the_lock_file_pins_what_the_project_asks_for(requirement: Requirement) -> None:
    pins = dict(PIN.findall((ROOT / "requirements.lock").read_text("utf-8")))
    assert Version(pins[requirement.name]) in requirement.specifier


def test_the_lock_file_names_no_registry() -> None:
    assert "://" not in (ROOT / "requirements.lock").read_text("utf-8")


def test_every_package_of_the_project_has_its_floor() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench", "scripts"}
    assert packages == set(PROJECT["tool"]["importlinter"]["root_packages"])


def test_make_help_names_every_target_that_others_rely_on() -> None:
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S607 - the make that runs the tests
    for target in ("install", "run", "check", "test", "test-faults", "bench"):
        assert f"make {target} " in shown
