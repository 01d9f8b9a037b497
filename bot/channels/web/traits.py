"""What the web chat can do."""

from __future__ import annotations

from domain.channels import Traits

WEB = Traits(name="web", length=2000, buttons=True, mailbox=True)
