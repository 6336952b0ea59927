"""Each `marathon rule` command hands its arguments to the decision of the same name."""

import inspect

import pytest

from results.office.commands.rule_commands import rule
from results.office.rulings import decisions

SHARED = {"race", "by", "why", "preview", "yes"}
LISTS = {"list", "review", "strays"}


@pytest.mark.parametrize("name", sorted(set(rule.commands) - LISTS))
def test_a_ruling_s_options_are_its_decision_s_parameters(name: str) -> None:
    command = rule.commands[name]
    run = command.callback
    assert run
    decision = getattr(decisions, inspect.getclosurevars(run).nonlocals["function"].__name__)
    asked = {param.name for param in command.params} - SHARED
    assert asked | {"office", "by", "why"} == set(inspect.signature(decision).parameters)
