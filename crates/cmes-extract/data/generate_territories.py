#!/usr/bin/env python3
"""Writes territories.tsv: the countries of ISO 3166-1 with their names in many languages.

The names are those of the Unicode CLDR as packaged by Babel. Run once, by hand,
when a new CLDR is wanted:

    pip download --no-deps babel && unzip babel-*.whl -d babel-wheel
    PYTHONPATH=babel-wheel python3 generate_territories.py

The first line names the columns. Then one territory a line:

    code <TAB> main languages, blank between <TAB> name in each language of the header

A name that equals the English one is left empty, which reads the same.
"""

import os

from babel import Locale
from babel.core import get_global

# Columns after English. `no` is what sites declare for Bokmål; `tl` is Filipino.
# The ones with a script or region serve only to recognise names.
LANGUAGES = (
    "af am ar az be bg bn bs ca cs cy da de el es et eu fa fi fo fr ga gd gl gu he hi hr hu hy id is it ja ka kk km"
    " kn ko ky lb lo lt lv mk ml mn mr ms mt my ne nl nn no pa pl ps pt rm ro ru si sk sl sq sr sv sw ta te tg th tk"
    " tl tr uk ur uz vi zh zh_Hant pt_PT sr_Latn"
).split()
LOCALES = {"no": "nb", "tl": "fil"}

# Territories of CLDR that ISO 3166-1 does not have. Kosovo (XK) stays: companies are there.
NOT_ISO = "AC CP CQ DG EA EU EZ IC QO TA UN XA XB ZZ".split()

# CLDR's names of political compromise or typographic abbreviation, in the form
# people put on an envelope.
ENGLISH = {
    "CD": "Democratic Republic of the Congo",
    "CG": "Republic of the Congo",
    "CI": "Ivory Coast",
    "HK": "Hong Kong",
    "MM": "Myanmar",
    "MO": "Macao",
    "PS": "Palestine",
    "TR": "Turkey",
}
SHORT = {
    "HK": {
        "Hongkong": "de nl sv da no nn pl cs sk et fi hu",
        "Hong Kong": "fr es it pt pt_PT ro ca",
        "香港": "ja zh zh_Hant",
        "Гонконг": "ru uk",
        "홍콩": "ko",
        "Χονγκ Κονγκ": "el",
        "هونغ كونغ": "ar",
        "הונג קונג": "he",
        "Hong Kong ": "tr vi id ms",
    },
    "MO": {
        "Macau": "de pt pt_PT nl vi id ms cs",
        "Macao": "fr es it sv da no nn ro ca",
        "マカオ": "ja",
        "澳门": "zh",
        "澳門": "zh_Hant",
        "Макао": "ru uk",
        "마카오": "ko",
        "Makau": "pl tr",
    },
}


def name(code, language):
    for text, languages in SHORT.get(code, {}).items():
        if language in languages.split():
            return text.strip()
    locale = Locale.parse(LOCALES.get(language, language))
    return locale.territories.get(code, "")


def english(code):
    plain = ENGLISH.get(code) or Locale.parse("en").territories[code]
    return plain.replace(" & ", " and ").replace("St. ", "Saint ").replace("’", "'")


def languages_of(code):
    """The official languages with a two-letter code, most spoken first."""
    known = get_global("territory_languages").get(code, {})
    official = [(data["population_percent"], language) for language, data in known.items() if data["official_status"]]
    spoken = sorted(official, reverse=True) or sorted(
        ((data["population_percent"], language) for language, data in known.items()), reverse=True
    )[:1]
    codes = []
    for _, language in spoken:
        language = {"nb": "no", "fil": "tl"}.get(language.split("_")[0], language.split("_")[0])
        if len(language) == 2 and language not in codes:
            codes.append(language)
    return codes[:4]


def main():
    codes = sorted(c for c in Locale.parse("en").territories if len(c) == 2 and c.isalpha() and c not in NOT_ISO)
    lines = ["\t".join(["code", "languages", "en", *(language.replace("_", "-") for language in LANGUAGES)])]
    for code in codes:
        first = english(code)
        names = [name(code, language) for language in LANGUAGES]
        row = [code, " ".join(languages_of(code)), first, *("" if n == first else n for n in names)]
        lines.append("\t".join(row).rstrip("\t"))
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "territories.tsv")
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
