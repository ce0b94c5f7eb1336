"""Tests: a folder for each of the package, and `behaviour` for what no folder answers for alone."""

from pathlib import Path

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "fixtures"
DEMO = FIXTURES / "demo"
