"""The actions that can run are the ones that Rasa's domain names."""

from __future__ import annotations

import yaml

from assistant.actions.turn import FORM_OF, STARTS, action_of
from assistant.dialogue.actions_in_process import ActionsInProcess
from assistant.dialogue.settings import DATA, PROJECT
from assistant.vocabulary import Intent


def _domain_actions() -> set[str]:
    return set(yaml.safe_load((PROJECT / "domain" / "actions.yml").read_text(encoding="utf-8"))["actions"])


def test_every_action_of_the_domain_can_run_and_no_other() -> None:
    registered = ActionsInProcess("assistant.actions").registered
    ours = {name for name in registered if not name.startswith("action_ask_") or name in _domain_actions()}
    assert ours == _domain_actions()


def test_a_sentence_is_handed_on_as_the_rules_would() -> None:
    rules = yaml.safe_load((DATA / "rules" / "conversations.yml").read_text(encoding="utf-8"))["rules"]
    said = {
        rule["steps"][0]["intent"]: rule["steps"][1]["action"]
        for rule in rules
        if "intent" in rule["steps"][0]
    }
    assert {intent: action_of(intent) for intent in said} == said
    assert set(STARTS.values()) == set(FORM_OF)
    assert set(STARTS) <= {str(intent) for intent in Intent}
