"""Say in words when an absence rule fires."""

from collections.abc import Iterator, Sequence

from convscan.rules.rule import Absence, Position, Trigger, Within

_TURNS = {
    Position.ANY: "a turn of the {role}",
    Position.FIRST: "the first turn of the {role}",
    Position.LATER: "a turn of the {role} that is not the first",
    Position.LAST: "the last turn of the {role}",
    Position.CLOSING: "the turn with which the {role} leaves, if it is one",
    Position.UNANSWERED: "a turn of the {role} that no agent turn follows,",
}
_WINDOWS = {
    Within.SAME_TURN: "in the same turn",
    Within.NEXT_TURN: "in the next turn",
    Within.LATER_TURNS: "in any later turn",
    Within.LAST_TURN: "in the last turn",
    Within.CONVERSATION: "in any turn",
}


def absence_in_words(absence: Absence) -> Iterator[str]:
    """Yield sentences: what calls for an act, what is owed then, and when it is not."""
    can_be_kept = bool(absence.expect.acts)
    for trigger in absence.when:
        yield f"{'What calls for it' if can_be_kept else 'What is found'}: {_call(trigger)}."
    if can_be_kept:
        yield f"Then the agent owes {_any_of(absence.expect.acts)}, {_WINDOWS[absence.expect.within]}."
    if absence.expect.taken_up:
        yield "Speaking of the matter in the customer's words, or asking about it, will do too."
    if absence.expect.among:
        yield f"Where anything else is said than {_any_of(absence.expect.among)}, it cannot be told."
    if absence.settled_by:
        yield f"It is settled if a later turn of the customer holds {_any_of(absence.settled_by)}."
    if can_be_kept and absence.complete_replies_only:
        yield "Part-messages, snippets and notices owe nothing."


def acts_named(absence: Absence) -> tuple[str, ...]:
    """Return the names of all acts that a rule speaks of, each once, in its order."""
    groups = [
        *(group for one in absence.when for group in (one.acts, one.without, one.after, one.also)),
        absence.expect.acts,
        absence.expect.among,
        absence.settled_by,
    ]
    return tuple(dict.fromkeys(name for group in groups for name in group))


def _call(trigger: Trigger) -> str:
    parts = [_TURNS[trigger.position].format(role=trigger.role)]
    parts += [f" with {_any_of(trigger.acts)}"] if trigger.acts else []
    parts += [" or with capitals, heaped marks and faces"] if trigger.heated else []
    parts += [f" and without {_any_of(trigger.without)}"] if trigger.without else []
    parts += [f" after an agent turn with {_any_of(trigger.after)}"] if trigger.after else []
    parts += [f" (here {_any_of(trigger.also)} will do too)"] if trigger.also else []
    parts += [" (a template is read as the answer to such a turn)"] if trigger.is_implied else []
    return "".join(parts).removesuffix(",")


def _any_of(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last
