"""What the terminal can do."""

from __future__ import annotations

from domain.channels import Traits

TERMINAL = Traits(name="terminal", length=2000, buttons=True, mailbox=True)  # buttons stand as [1] … under the answer
