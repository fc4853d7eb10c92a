"""What the tag of a language means, however a source writes it."""

import re

from convscan.placeholders.names import words_of

# ISO 639-1, all of it: what it does not hold is no language that a source could be believed in.
_CODES = words_of(
    """
    aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo
    es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka
    kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng
    nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su
    sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
    """
)
# ISO 639-2, both forms where there are two, and the English name of what support is given in most.
_CODE_OF = {
    name: code
    for code, names in {
        "ar": "ara arabic", "bg": "bul bulgarian", "ca": "cat catalan", "cs": "ces cze czech", "da": "dan danish",
        "de": "deu ger german deutsch", "el": "ell gre greek", "en": "eng english", "es": "spa spanish castilian",
        "et": "est estonian", "fa": "fas per persian farsi", "fi": "fin finnish", "fr": "fra fre french",
        "ga": "gle irish", "he": "heb hebrew iw", "hi": "hin hindi", "hr": "hrv croatian", "hu": "hun hungarian",
        "id": "ind indonesian in", "is": "isl ice icelandic", "it": "ita italian", "ja": "jpn japanese",
        "ko": "kor korean", "lt": "lit lithuanian", "lv": "lav latvian", "ms": "msa may malay",
        "nl": "nld dut dutch flemish", "no": "nor nob nno norwegian", "pl": "pol polish", "pt": "por portuguese",
        "ro": "ron rum romanian", "ru": "rus russian", "sk": "slk slo slovak", "sl": "slv slovenian slovene",
        "sr": "srp serbian", "sv": "swe swedish", "th": "tha thai", "tr": "tur turkish", "uk": "ukr ukrainian",
        "ur": "urd urdu", "vi": "vie vietnamese", "zh": "zho chi cmn chinese mandarin",
    }.items()
    for name in names.split()
}  # fmt: skip
_ENGLISH_NAME = re.compile(r"\benglish\b")
_FIRST_PART = re.compile(r"\s*([a-z]+)(?![^\W_])")


def language_code(tag: str) -> str | None:
    """Return the ISO 639-1 code that a tag stands for; None if it tells of no language, as "und" and "auto" do.

    Example:
        >>> [language_code(tag) for tag in ("en-GB", "en_US.UTF-8", "eng", "British English", "und")]
        ['en', 'en', 'en', 'en', None]
    """
    lower = tag.lower()
    first = _FIRST_PART.match(lower)
    if first and (code := _CODE_OF.get(first[1]) or (first[1] if first[1] in _CODES else None)):
        return code
    return "en" if _ENGLISH_NAME.search(lower) else None
