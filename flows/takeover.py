"""接手: somebody takes over the registration that another person made for them."""

from __future__ import annotations

from domain.others import TakeOver
from flows.answers.takeover_codes import CODE
from flows.flow import Answers, Context, Flow, Question


def take_over(answers: Answers, _context: Context) -> TakeOver:
    """Asks for the registration behind the code."""
    return TakeOver(answers.of("code", str))


FLOWS = (
    Flow(
        name="takeover",
        questions=(Question("code", CODE, line=False),),
        becomes=take_over,
        opens=("接手", "认领", "接手报名", "take over"),
        leads=("接手", "认领", "take over"),
    ),
)
