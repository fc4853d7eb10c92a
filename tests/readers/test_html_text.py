"""HTML to text: what a mail program shows, and where in the source each character of it stands."""

from collections.abc import Callable
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convscan.readers.html_text import QUOTE_MARK, HtmlText, html_to_text

_SPACES = " \t\r\n\f"


def words(html: str) -> str:
    """The text without white space at its ends."""
    return html_to_text(html).text.strip()


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Your lamp</p><p>is here</p>", "Your lamp\n\nis here"),
        ("<div>Hi Ana,</div><div>it left.</div>", "Hi Ana,\nit left."),
        ("<div>One</div><div><br></div><div>Two</div>", "One\n\nTwo"),
        ("One<br>Two<br/>Three<BR />Four", "One\nTwo\nThree\nFour"),
        ("<ul><li>Plug</li><li>Bulb</li></ul>", "Plug\n\nBulb"),
        ("<table><tr><td>Lamp</td><td>4 pcs</td></tr></table>", "Lamp\n\n4 pcs"),
        ("<p>a  b\n c<b> d</b> e</p>", "a b c d e"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("plain\nlines with <b>one</b>\nword in bold", "plain\nlines with one\nword in bold"),
        ("<p>&lt;b&gt; &amp;amp; &eacute;&#233;&#xe9; &copy 5 &nosuch;</p>", "<b> &amp; \xe9\xe9\xe9 \xa9 5 &nosuch;"),
        ("<p>one&nbsp;two \U0001f600 &#128512;</p>", "one\xa0two \U0001f600 \U0001f600"),
        ("<p>&#0; &#99999999999999999999; &#xD800;</p>", "\ufffd \ufffd \ufffd"),
        ('<p>Yay <img alt="\U0001f389" src="x"><img alt="logo"></p>', "Yay \U0001f389"),
        ("<p>seen<script>if (a < b) alert('</p>')</script><style>p > b {}</style></p>", "seen"),
        ('<div style="display: none">preview<div>more</div></div><p>seen</p>', "seen"),
        ("<head><title>T</title><meta x></head><body>seen", "seen"),
        ("<p>seen <!-- not this <p> --> this</p><!--[if mso]><p>no</p><![endif]-->", "seen this"),
        ("<![if !mso]><?xml x?><p>seen</p>", "seen"),
        ("<p>Ana <ana@mail.example> <https://lamps.example/a></p>", "Ana <ana@mail.example> <https://lamps.example/a>"),
        ("<p>5 < 6 and 7 > 6</p>", "5 < 6 and 7 > 6"),
        ('<p title="a > b">seen</p><a href=it\'s>too</a>', "seen\n\ntoo"),
        ("<p>cut <b", "cut <b"),
        ("<p>never closed <!-- but</p>read", "never closed but\n\nread"),
        ("a\0b<p>c\0</p>", "ab\n\nc"),
    ],
)
def test_page_reads_as_a_mail_program_shows_it(html: str, text: str) -> None:
    assert words(html) == text


@pytest.mark.parametrize(
    "html",
    [
        (
            '<div class="gmail_quote"><div class="gmail_attr">On 3 May Ana wrote:<br></div>'
            '<blockquote class="gmail_quote">Where is<br>my lamp?</blockquote></div>'
        ),
        "<div>On 3 May Ana wrote:</div><blockquote type=cite><p>Where is</p>my lamp?</blockquote>",
        '<div class="yahoo_quoted"><div>On 3 May Ana wrote:</div><div>Where is</div><div>my lamp?</div></div>',
        (
            '<div class="protonmail_quote">On 3 May Ana wrote:<br><blockquote class="protonmail_quote" type="cite">'
            "<div>Where is</div><div>my lamp?</div></blockquote></div>"
        ),
        '<blockquote style="border-left: 2px solid rgb(16, 16, 255)">On 3 May Ana wrote:<br>Where is<br>my lamp?',
        '<blockquote cite="mid:x@y"><pre>On 3 May Ana wrote:\nWhere is\nmy lamp?</pre></blockquote>',
        '<div class="freshdesk_quote"><blockquote class="freshdesk_quote">On 3 May Ana wrote:<p>Where is</p>my lamp?',
        (
            '<div class="gmail_quote">---------- Forwarded message ---------<br>On 3 May Ana wrote:<br>'
            "<blockquote class=gmail_quote>Where is</blockquote>my lamp?</div>"
        ),
        "<p>On Sun Ana wrote:</p><blockquote>Where is<br>my lamp?</blockquote>",
        "<div>On Sun <a href='mailto:a@b.example'>Ana</a> wrote:</div><blockquote><p>Where is</p>my lamp?</blockquote>",
        "<blockquote>On Sun <b>Ana</b> wrote:<br>Where is<br>my lamp?</blockquote>",
    ],
)
def test_each_line_of_an_answered_mail_is_marked(html: str) -> None:
    """Whatever the mail program; the line that announces it need not be marked."""
    lines = [line for line in words(f"<p>It left.</p>{html}").splitlines() if line.strip()]
    assert lines[0] == "It left."
    assert {"> Where is", "> my lamp?"} <= {line.strip() for line in lines}
    assert all(line.startswith(QUOTE_MARK) or "wrote:" in line for line in lines[1:])


def test_answers_between_the_parts_of_a_quote_are_not_marked() -> None:
    html = (
        '<div class="gmail_quote"><div class="gmail_attr">On 3 May Ana wrote:</div>'
        '<blockquote class="gmail_quote">Where is it?</blockquote><div>It left.</div>'
        '<blockquote class="gmail_quote">And the bill?</blockquote><div>Attached.</div></div>'
    )
    assert words(html).splitlines()[2::2] == ["> Where is it?", "It left.", "> And the bill?", "Attached."]


def test_words_that_the_writer_indents_are_not_marked() -> None:
    """Gmail's "indent more" makes a block quote too."""
    html = 'Please send:<blockquote style="margin:0 0 0 40px;border:none;padding:0px">your order number</blockquote>'
    assert words(html) == "Please send:\n\nyour order number"


def test_quote_that_begins_with_who_wrote_it_is_marked_also_on_one_line() -> None:
    html = "<p>Hi Ana, I am sorry.</p><blockquote>On Sun Ana wrote: Calm down.</blockquote><p>Jo</p>"
    assert words(html) == "Hi Ana, I am sorry.\n\n> On Sun Ana wrote: Calm down.\n\nJo"


@pytest.mark.parametrize(
    "above", ["Our policy says:", "On 3 May 2026 you wrote:", "Please note:", "As the poet wrote:", ""]
)
def test_what_else_a_writer_sets_off_is_not_marked(above: str) -> None:
    """A policy and a poem are the writer's to choose; so are words that are set off for weight."""
    html = f"<p>Hi.</p><p>{above}</p><blockquote>No refunds: none.</blockquote><p>You should have read it.</p>"
    assert words(html).split("\n\n") == [
        "Hi.",
        *([above] if above else []),
        "No refunds: none.",
        "You should have read it.",
    ]


@pytest.mark.parametrize("quote", ["<blockquote>", '<blockquote dir="ltr">', "<BLOCKQUOTE >"])
@pytest.mark.parametrize("above", ["<p>Refund is done.</p>", "Refund is done.", ""])
def test_bare_block_quote_of_a_message_is_quoted(quote: str, above: str) -> None:
    page = html_to_text(f"{above}{quote}<p>Calm down.</p>Now.</blockquote><p>Jo</p>", is_message=True)
    assert page.text.strip().split("\n\n") == [*(["Refund is done."] if above else []), "> Calm down.", "> Now.", "Jo"]


def test_words_that_the_writer_of_a_message_indents_are_not_marked() -> None:
    html = 'Please send:<blockquote style="margin:0 0 0 40px;border:none;padding:0px">your order number</blockquote>'
    assert "> " not in html_to_text(html, is_message=True).text


def test_signature_that_the_page_marks_gets_the_mark_of_plain_mail() -> None:
    assert words('<div>It left.</div><div class="gmail_signature">Jo</div>') == "It left.\n-- \nJo"
    assert words('<div>It left.</div><span>-- </span><br><div class="gmail_signature">Jo</div>') == "It left.\n-- \nJo"


def test_signature_inside_a_quote_is_not_marked() -> None:
    assert "--" not in words('<p>Ok</p><blockquote type="cite">Hi<div class="gmail_signature">Ana</div></blockquote>')


def test_title_and_comments_are_kept_aside() -> None:
    page = html_to_text("<title>Late &amp; lost</title><p>One</p><!-- note -->Two")
    assert page.title == "Late & lost"
    assert [(page.text[: note.at], note.words, note.start) for note in page.comments] == [("One\n\n", " note ", 40)]


def test_character_is_found_where_it_stands_in_the_source() -> None:
    html = "<p>Caf&eacute;\n <b>Lua</b></p>"
    page = html_to_text(html)
    at = page.text.index("\xe9")
    assert html[page.source_map.start(at) : page.source_map.end(at + 1)] == "&eacute;"
    at = page.text.index("Lua")
    assert html[page.source_map.start(at) : page.source_map.end(at + 3)] == "Lua"


# -- properties

_HTML = st.lists(
    st.sampled_from(
        [
            "<p>", "</p>", "<div>", "</div>", "<br>", "<br/>", "<ul><li>", "</li>", "<pre>", "</pre>", "<b>", "</b>",
            "<td>", "</tr>", "<script>", "</script>", "<style>x</style>", "<title>t", "</title>", "<head>", "<body>",
            '<blockquote type="cite">', "</blockquote>", '<div class="gmail_quote">', "<blockquote>",
            '<div class="gmail_signature">', '<div style="display:none">', "<!--", "-->", "<!-- x -->", "<![CDATA[",
            "<?", "<", ">", "</", '<a href="', "'", '"', "=", "&amp;", "&#65;", "&#x", "&#0;", "&eacute",
            "&nosuch;", "&", " ", "\n", "\r\n", "\t", "\0", "-- ", "a", "Lamp", "\xe9", "\U0001f600", "\u2028",
            "<img alt='\U0001f600'>",
        ]
    )
    | st.text(max_size=5),
    max_size=40,
).map("".join)  # fmt: skip


def pieces(html: str, page: HtmlText) -> list[tuple[str, str]]:
    """Each character of the text with the part of the source that it stands for."""
    found = page.source_map
    return [(char, html[found.start(at) : found.end(at + 1)]) for at, char in enumerate(page.text)]


@given(_HTML | st.text())
def test_each_character_is_that_of_its_place_in_the_source(html: str) -> None:
    for char, source in pieces(html, html_to_text(html)):
        if not source:
            assert char in "\n-> "  # a line break or mark that was put in
        elif char == " ":
            assert unescape(source).strip(_SPACES) == ""
        elif source.startswith("<img"):
            assert char in source
        else:
            assert char in unescape(source) or char == "\ufffd"


@given(_HTML | st.text())
def test_offsets_never_go_back(html: str) -> None:
    page = html_to_text(html)
    starts = [page.source_map.start(at) for at in range(len(page.text))]
    assert starts == sorted(starts)
    assert all(0 <= start <= len(html) for start in starts)


@given(st.text(alphabet=st.characters(exclude_characters="<&\0"), min_size=1))
def test_text_without_markup_stays_as_it_is(text: str) -> None:
    page = html_to_text(text)
    assert page.text == text
    assert [page.source_map.start(at) for at in range(len(text))] == list(range(len(text)))


@pytest.mark.parametrize(
    "unit",
    [
        "<div>", "<p>x", "</div>", "<![CDATA[", "<!--", "<!", "<?", "<", "<a ", '<a x="', "<a =' > <a =\" > ", "</b",
        "&amp;", "&", "&#1", "<title>", "<script>", "<blockquote type=cite>x", "<blockquote>:", "<p  ",
        " \n", "a\n ", "\0a", "<img alt=a ", '="',
        '<div class="gmail_quote">', '<div style="display:none">', '<div class="gmail_signature">', "<!-- x -->",
    ],
)  # fmt: skip
@pytest.mark.parametrize("end", ["", ">", "-->", '">'])
def test_time_grows_with_length_only(unit: str, end: str, is_linear: Callable[..., bool]) -> None:
    assert is_linear(html_to_text, lambda size: unit * (size // len(unit)) + end, 100_000)


def test_huge_attribute_and_deep_nesting_are_read() -> None:
    picture = "data:image/png;base64," + "A" * 3_000_000
    assert words(f'<img src="{picture}"><p>seen</p>') == "seen"
    assert words("<div>" * 10_000 + "seen" + "</div>" * 10_000) == "seen"


def test_entities_of_a_document_type_are_not_expanded() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]><p>&b;</p>'
    assert "lollol" not in words(bomb)


@pytest.mark.parametrize("name", ["div", "p", "blockquote", "li", "td", "body", "pre", "head", "script", "b", "br"])
@pytest.mark.parametrize("page", ["{0}{0}{0}one{1}two{1}three{1}four", "a{0}{0} {0}b{1}{1}{1}c", "{0}{0}"])
def test_tags_that_stand_at_once_once_more_are_read_as_any_others(name: str, page: str) -> None:
    """Runs of the same bare tag take a shorter way; a blank in the tag keeps them from it."""
    short = html_to_text(page.format(f"<{name}>", f"</{name}>"))
    long = html_to_text(page.format(f"<{name} >", f"</{name} >"))

    assert short.text == long.text
