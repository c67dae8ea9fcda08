//! The countries in whose national form a site's numbers may be written.

use super::number;
use crate::facts::Site;
use crate::page::Page;

/// Two-letter codes, the likeliest first.
pub(crate) fn of(site: &Site<'_>, page: Option<&Page>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let lang = page.map_or("", |page| page.lang.as_str());
    // A tag that names another country than the language's own was chosen.
    if let Some((language, region)) = lang.split_once(['-', '_']).filter(|_| by_domain(site.domain).is_none())
        && !(by_language(language).iter().any(|usual| usual.eq_ignore_ascii_case(region)) || language == "en")
    {
        add(&mut out, region);
    }
    if let Some(country) = &site.country {
        add(&mut out, country.code());
    }
    if let Some(code) = by_domain(site.domain) {
        add(&mut out, &code);
    }
    let locale = page.and_then(|page| page.meta("og:locale")).unwrap_or_default();
    for tag in [lang, locale] {
        if let Some(region) = tag.split(['-', '_']).nth(1).filter(|region| region.len() == 2) {
            add(&mut out, region);
        }
    }
    // A country that was told by the language alone may be another one that
    // speaks it; the numbers that a visitor dials from anywhere show which.
    if by_domain(site.domain).is_none()
        && let Some(code) = site.pages.first().and_then(dialled)
    {
        add(&mut out, &code);
    }
    let language = lang.split(['-', '_']).next().filter(|code| !code.is_empty()).map(str::to_ascii_lowercase);
    let language = site.language.map(|code| code.as_str().to_owned()).or(language);
    if out.is_empty() {
        for code in by_language(&language.unwrap_or_default()) {
            add(&mut out, code);
        }
    }
    out
}

/// The country of the first number that a page links to in international form.
fn dialled(page: &Page) -> Option<String> {
    let number = |href: &str| {
        let digits =
            href.strip_prefix("tel:+").or_else(|| Some(href.split_once("wa.me/")?.1.trim_start_matches('+')))?;
        number::region_of(&format!("+{}", crate::page::prefix(digits, 24)))
    };
    page.links.iter().take(MOST_LINKS).find_map(|link| number(&link.href)).map(|code| code.as_ref().to_owned())
}

/// Most links of a page in which numbers are looked for.
const MOST_LINKS: usize = 2_000;

fn add(out: &mut Vec<String>, code: &str) {
    let code = code.to_ascii_uppercase();
    if code.len() == 2 && !out.contains(&code) {
        out.push(code);
    }
}

/// The country of a top-level domain; those sold as names for anything do not count.
pub(crate) fn by_domain(domain: &str) -> Option<String> {
    let last = domain.rsplit('.').next()?;
    match last {
        "uk" => Some("GB".to_owned()),
        "рф" | "su" | "xn--p1ai" => Some("RU".to_owned()),
        "中国" | "xn--fiqs8s" => Some("CN".to_owned()),
        "eu" | "io" | "ai" | "co" | "me" | "tv" | "cc" | "fm" | "ly" | "gg" | "ws" | "to" | "sh" | "ac" | "la"
        | "st" | "vc" | "nu" | "gl" | "ag" | "im" | "so" | "pw" | "ms" | "cx" => None,
        code if code.len() == 2 && code.bytes().all(|b| b.is_ascii_lowercase()) => Some(code.to_ascii_uppercase()),
        _ => None,
    }
}

fn by_language(language: &str) -> &'static [&'static str] {
    match language {
        "de" => &["DE"],
        "fr" => &["FR"],
        "it" => &["IT"],
        "es" => &["ES"],
        "pt" => &["PT", "BR"],
        "nl" => &["NL"],
        "pl" => &["PL"],
        "cs" => &["CZ"],
        "sk" => &["SK"],
        "hu" => &["HU"],
        "ro" => &["RO"],
        "bg" => &["BG"],
        "el" => &["GR"],
        "sv" => &["SE"],
        "da" => &["DK"],
        "nb" | "no" | "nn" => &["NO"],
        "fi" => &["FI"],
        "et" => &["EE"],
        "lv" => &["LV"],
        "lt" => &["LT"],
        "hr" => &["HR"],
        "sl" => &["SI"],
        "sr" => &["RS"],
        "ru" => &["RU"],
        "uk" => &["UA"],
        "tr" => &["TR"],
        "he" => &["IL"],
        "ja" => &["JP"],
        "ko" => &["KR"],
        "zh" => &["CN"],
        "th" => &["TH"],
        "vi" => &["VN"],
        "id" => &["ID"],
        "hi" => &["IN"],
        "en" => &["US", "GB"],
        _ => &[],
    }
}

/// The same by the three-letter codes of language detection.
pub(crate) fn by_iso639_3(language: &str) -> &'static [&'static str] {
    by_language(match language {
        "deu" => "de",
        "fra" => "fr",
        "ita" => "it",
        "spa" => "es",
        "por" => "pt",
        "nld" | "afr" => "nl",
        "pol" => "pl",
        "ces" => "cs",
        "slk" => "sk",
        "hun" => "hu",
        "ron" => "ro",
        "bul" => "bg",
        "ell" => "el",
        "swe" => "sv",
        "dan" => "da",
        "nob" => "nb",
        "fin" => "fi",
        "est" => "et",
        "lav" => "lv",
        "lit" => "lt",
        "hrv" => "hr",
        "slv" => "sl",
        "srp" => "sr",
        "rus" => "ru",
        "ukr" => "uk",
        "tur" => "tr",
        "heb" => "he",
        "jpn" => "ja",
        "kor" => "ko",
        "cmn" => "zh",
        "tha" => "th",
        "vie" => "vi",
        "ind" => "id",
        "hin" => "hi",
        "eng" => "en",
        _ => "",
    })
}
