"""The parts of the benchmark, a module each: PART declares its figures and how they are measured. Found by file."""

from __future__ import annotations

import importlib
import pkgutil

from bench.figures import Part


def load() -> dict[str, Part]:
    """Every part of this folder: name → part. Two that declare the same figure are an error."""
    found = {
        module.name: importlib.import_module(f"{__name__}.{module.name}").PART
        for module in pkgutil.iter_modules(__path__)
    }
    names = [figure.name for part in found.values() for figure in part.figures]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"declared twice: {sorted(twice)}")
    return found
