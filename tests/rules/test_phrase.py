"""The phrase form: what each construct stands for, and what is refused."""

from collections.abc import Callable

import pytest

from convscan.errors import RuleError
from convscan.rules.phrase import MAX_GAP_WORDS, MAX_NESTING, Phrase, PhraseCompiler
from convscan.rules.words import Words

Find = Callable[[str, str], list[str]]


@pytest.fixture
def find(find_all: Callable[[list[Phrase], str], list[tuple[int, tuple[int, int]]]], compiler: PhraseCompiler) -> Find:
    """Return the words of a text that a phrase finds."""

    def found(phrase: str, text: str) -> list[str]:
        return [text[slice(*place)] for _, place in find_all([compiler.compile(phrase)], text)]

    return found


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("refund", "Your REFUND is here", ["REFUND"]),
        ("refund", "Your refunds are here", []),
        ("(i|we) guarantee", "We guarantee it", ["We guarantee"]),
        ("(i|we) guarantee", "They guarantee it", []),
        ("does not !(matter|mind)", "It does not open, does not matter", ["does not open"]),
        ("does not !(matter|mind)", "It doesn't MIND, he does not", []),
        (
            "dear !(mr|ms)? customer",
            "Dear Acme customer, dear customer, Dear Mr customer",
            ["Dear Acme customer", "dear customer"],
        ),
        ("!<we> guarantee", "they guarantee, we guarantee", ["they guarantee"]),
        ("!(is) late", "it's late, trains late", ["trains late"]),
        ("write to <email>", "write to help@example.com, write to help", ["write to help@example.com"]),
        ("<number> <currency>", "5 £, 5 x, 10%", ["5 £", "10%"]),
        ("so !(late) ?", "So soon?", ["So soon"]),
        ("(right away|at once) please", "Come at once please", ["at once please"]),
        ("(right away|at once) please", "Come right once please", []),
        ("really? sorry", "really sorry", ["really sorry", "sorry"]),
        ("really? sorry", "sorry", ["sorry"]),
        ("really? sorry", "truly sorry", ["sorry"]),
        ("so (very much)? sorry", "so very much sorry", ["so very much sorry"]),
        ("so (very much)? sorry", "so sorry", ["so sorry"]),
        ("so (very much)? sorry", "so much sorry", []),
        ("i (will|can (not)?) pay", "I can pay", ["I can pay"]),
        ("i (will|can (not)?) pay", "I can not pay", ["I can not pay"]),
        ("i (will|can (not)?) pay", "I not pay", []),
        ("you ... failed", "you failed", ["you failed"]),
        ("you ... failed", "you have really just failed", ["you have really just failed"]),
        ("you ... failed", "you have really only just failed", []),
        ("you ...1 failed", "you have failed", ["you have failed"]),
        ("you ...1 failed", "you have just failed", []),
        ("we call <soon>", "we call as soon as I can", ["we call as soon as I can"]),
        ("we call <soon>", "we call before long", ["we call before long"]),
        ("we call <soon>", "we call as soon as they can", []),
        ("<sorry>? for", "very sorry for that", ["very sorry for", "sorry for", "for"]),
        ("<sorry>? for", "only for you", ["for"]),
        ("<sorry> for", "apologies for that", ["apologies for"]),
        ("apolog*", "we apologised", ["apologised"]),
        ("apolog*", "an apology", ["apology"]),
        ("apolog*", "unapologetic", []),
        ("apolog*? again", "again", ["again"]),
        ("than*", "thx a lot", ["thx"]),
        # A contraction is not cut in two.
        ("no*", "I cannot", ["cannot"]),
        ("will call", "We'll call", ["We'll call"]),
        ("@*", "ask @MeadowPost now", ["@MeadowPost"]),
        ("in <number> days", "in 5 days", ["in 5 days"]),
        ("in <number> days", "in five days", ["in five days"]),
        ("in <number> days", "in a few days", []),
        ("in <any> days", "in some days", ["in some days"]),
        ("in <any> days", "in days", []),
        ("in <any>? days", "in days", ["in days"]),
        ("^ thanks", "Thanks for that", ["Thanks"]),
        ("^ thanks", "*Thanks* for that", ["Thanks"]),
        ("^ thanks", "Many thanks", []),
        ("thanks $", "Many thanks!!", ["thanks"]),
        ("thanks $", "Many thanks again", []),
        ("^ thanks $", "Thanks.", ["Thanks"]),
        ("^ thanks $", "Thanks a lot.", []),
        ("^ (many thanks|thanks)", "Many thanks", ["Many thanks"]),
        ("any news ?", "Any news?", ["Any news"]),
        ("any news ?", "Any news at all? \U0001f642", ["Any news"]),
        ("any news ?", "Any news?!", ["Any news"]),
        ("any news ?", "I have any news.", []),
        ("^ (is|was) <any> ?", "Is it? Was it?", ["Is it"]),
        ("100 % sure", "100% sure", ["100% sure"]),
        ("25 kg", "a 25kg box", ["25kg"]),
        ("10 am", "at 10am sharp", ["10am"]),
        ("e-mail us", "e-mail us", ["e-mail us"]),
        ("e-mail us", "e\u2011mail us", ["e\u2011mail us"]),
        ("order_id", "the order_id", ["order_id"]),
    ],
)
def test_construct_finds_what_it_stands_for(find: Find, phrase: str, text: str, expected: list[str]) -> None:
    assert find(phrase, text) == expected


CONTRACTED = ["can't", "cannot", "cant", "CAN'T", "can\u2019t", "Can`t", "can not", "can\u02bct", "CANT"]


@pytest.mark.parametrize("written", [word for word in CONTRACTED if word not in {"Can`t", "can\u02bct"}])
@pytest.mark.parametrize("said", CONTRACTED)
def test_contraction_is_found_however_either_side_is_spelled(find: Find, written: str, said: str) -> None:
    assert find(f"i {written} help", f"I {said} help") == [f"I {said} help"]


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("it is late", "it's late"),
        ("it has gone", "It\u2019s gone"),
        ("it's late", "it is late"),
        ("she is here", "shes here"),
        ("let us go", "let's go"),
        ("i would go", "i'd go"),
        ("i had gone", "I'D gone"),
        ("i'd go", "I would go"),
        ("we will call", "we'll call"),
        ("i am sure", "im sure"),
        ("you are right", "you're right"),
        ("we have paid", "we've paid"),
        ("you will not pay", "you won't pay"),
        ("would not have paid", "wouldn't've paid"),
        ("going to call", "gonna call"),
        ("thanks", "thx"),
    ],
)
def test_clitic_is_found_for_each_word_that_it_stands_for(find: Find, phrase: str, text: str) -> None:
    assert find(phrase, text) == [text]


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("it is late", "it was late"),
        ("i would go", "i will go"),
        ("we are here", "we were here"),
        ("we will see", "well see"),
        ("it is wet", "its wet"),
        ("i can pay", "i can't pay"),
    ],
)
def test_near_miss_of_a_contraction_is_not_found(find: Find, phrase: str, text: str) -> None:
    assert find(phrase, text) == []


SEPARATORS = [
    " ",
    "  ",
    ", ",
    " - ",
    "\u2014",
    " \U0001f64f ",
    "\n",
    "\r\n",
    "\t",
    "\u00a0",
    "\u200b",
    " ... ",
    "! ",
    " \ud800 ",
]


@pytest.mark.parametrize("separator", SEPARATORS)
def test_what_stands_between_words_does_not_matter(find: Find, separator: str) -> None:
    text = f"We are so{separator}sorry, Ana"
    assert find("so sorry", text) == [f"so{separator}sorry"]


def test_letters_between_words_do_matter(find: Find) -> None:
    assert find("so sorry", "so x sorry") == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("\u201cHm,\u201d ", " \u201cthen\u201d"),
        ("\t\t", "\t"),
        ("\u00a0\u00a0", "\u00a0"),
        ("\ud83d ", " \ud83d"),
        ("\U0001f469\u200d\U0001f4bb \U0001f44d\U0001f3fd ", " \U0001f1ee\U0001f1f9"),
        ("cafe\u0301 u\u0308ber ", " e\u0301"),
        ("I\u0307stanbul \u0130ZM\u0130R ", " \u0130"),
        ("\ufeff", ""),
        ("\ufdfa ", " \ufdfa"),
        ("**", "**"),
        ("_", "_"),
        ("x" * 5000 + " ", " " + "x" * 5000),
    ],
)
def test_offsets_are_true_on_the_original_text(find: Find, before: str, after: str) -> None:
    assert find("i cannot help", f"{before}I can\u2019t\thelp{after}") == ["I can\u2019t\thelp"]


@pytest.mark.parametrize(
    ("phrase", "message"),
    [
        ("", "^empty phrase"),
        ("   ", "^empty phrase"),
        ("()", r"empty alternative in phrase '\(\)'"),
        ("(|sorry)", "empty alternative"),
        ("sorry|", "empty alternative"),
        ("a||b", "empty alternative"),
        ("^ $", "empty alternative"),
        ("(sorry", r"unclosed '\('"),
        ("sorry)", r"unexpected '\)'.* there is no '\(' before it"),
        ("so ^ sorry", r"'\^' stands inside"),
        ("so $ sorry", r"'\$' stands inside"),
        ("...0 sorry", r"gap '\.\.\.0'.* must allow 1 to 12 words"),
        (f"a ...{MAX_GAP_WORDS + 1} b", "must allow 1 to 12 words"),
        ("(so)? ?", "at least one must be required"),
        ("?", "empty alternative"),
        ("...", "at least one must be required"),
        ("sorry?", "at least one must be required"),
        ("(so sorry)?", "at least one must be required"),
        ("<number>", "at least one must be required"),
        ("sorry|<any>", "at least one must be required"),
        ("!!", "'!!' in phrase '!!' is no word; punctuation is ignored"),
        ("sorry \U0001f622", "is no word"),
        ("*", "does not begin one word"),
        ("don't*", "does not begin one word"),
        ("self-serv*", "does not begin one word"),
        ("ap*gy", "is no word"),
        ("so?? sorry", r"cannot read '\?'"),
        ("so ? sorry", r"cannot read '\?'.* or ends the phrase"),
        ("so < sorry", "cannot read '<'"),
        ("does not !(mind", "after '!' in phrase"),
        ("does not !(so what|mind)", "after '!' in phrase"),
        ("does not !<sorry>", "after '!' in phrase"),
        ("does not !<nothing>", "after '!' in phrase"),
        ("!(mind)", "at least one must be required"),
        ("<Soon>", "cannot read '<'.* lists are <lower-case-name>"),
        ("<son>", r"unknown word list <son>; did you mean <soon>\?"),
        ("<xyzzy>", "unknown word list <xyzzy>; known lists: any, currency, email, number, soon, sorry, very, we"),
        ("(" * (MAX_NESTING + 1) + "a" + ")" * (MAX_NESTING + 1), "brackets or word lists more than 12 deep"),
        ("(" * 100_000, "brackets or word lists more than 12 deep"),
        (" ".join(f"({'|'.join(f'w{n}x{i}' for i in range(300))})" for n in range(60)), "stands for too many words"),
        ("|".join(f"{'w' * 20}{n}" for n in range(5_000)), "stands for too many words"),
    ],
)
def test_malformed_phrase_is_refused_with_what_was_found(compiler: PhraseCompiler, phrase: str, message: str) -> None:
    with pytest.raises(RuleError, match=message):
        compiler.compile(phrase)


def test_brackets_as_deep_as_allowed_are_read(find: Find) -> None:
    assert find("(" * MAX_NESTING + "sorry" + ")" * MAX_NESTING, "so sorry") == ["sorry"]


def test_phrase_may_have_many_alternatives_of_many_words(find: Find) -> None:
    alternatives = "|".join(f"a{n} b{n}" for n in range(300))
    phrase = f"({alternatives}) ... ({alternatives}) ... ({alternatives})"

    assert find(phrase, "a7 b7, then a299 b299, a0 b0") == ["a7 b7, then a299 b299, a0 b0"]
    assert find(phrase, "a7 b7, then a299 b298, a0 b0") == []


@pytest.mark.parametrize(
    ("lists", "message"),
    [
        ({"loop": ["<loop> sorry"]}, r"word list <loop>: .* more than 12 deep.*; does a list name itself\?"),
        ({"loop": ["<other>"], "other": ["<loop>"]}, "word list <loop>: .* more than 12 deep"),
        ({"loop": ["^ sorry"]}, r"word list <loop>: '\^' stands inside phrase '\^ sorry'"),
        ({"loop": ["sorry $"]}, r"word list <loop>: '\$' stands inside"),
        ({"loop": []}, "word list <loop> is empty"),
        ({"loop": ["("]}, "word list <loop>: empty alternative"),
        # Ten lists of ten lists and so on: 10 bytes a line that would fill the memory.
        (
            {"loop": ["<c> " * 50], "c": ["<d> " * 50], "d": ["<e> " * 50], "e": ["sorry " * 50]},
            "word list <c>: .* stands for too many words",
        ),
    ],
)
def test_bad_word_list_is_named_in_the_error(words: Words, lists: dict[str, list[str]], message: str) -> None:
    with pytest.raises(RuleError, match=message):
        PhraseCompiler(words.norms_of, lists).compile("<loop> then")
