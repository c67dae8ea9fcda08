//! Languages in which the site is offered.

use std::collections::HashMap;
use std::sync::LazyLock;

use cmes_types::{LanguageCode, Method};
use url::Url;

use crate::facts::{Finding, Site};
use crate::fold::fold;
use crate::page::{Page, prefix};

/// Languages by their own names, which need no translation.
const NAMES: &[(&str, &str)] = &[
    ("ar", "العربية"),
    ("az", "azərbaycan"),
    ("be", "беларуская"),
    ("bg", "български"),
    ("bs", "bosanski"),
    ("ca", "català"),
    ("cs", "čeština"),
    ("da", "dansk"),
    ("de", "Deutsch"),
    ("el", "ελληνικά"),
    ("en", "English"),
    ("es", "español"),
    ("et", "eesti"),
    ("eu", "euskara"),
    ("fa", "فارسی"),
    ("fi", "suomi"),
    ("fr", "français"),
    ("ga", "Gaeilge"),
    ("gl", "galego"),
    ("he", "עברית"),
    ("hi", "हिन्दी"),
    ("hr", "hrvatski"),
    ("hu", "magyar"),
    ("hy", "հայերեն"),
    ("id", "Bahasa Indonesia"),
    ("is", "íslenska"),
    ("it", "italiano"),
    ("ja", "日本語"),
    ("ka", "ქართული"),
    ("kk", "қазақ тілі"),
    ("ko", "한국어"),
    ("lt", "lietuvių"),
    ("lv", "latviešu"),
    ("mk", "македонски"),
    ("ms", "Bahasa Melayu"),
    ("nb", "norsk"),
    ("nl", "Nederlands"),
    ("no", "norsk"),
    ("pl", "polski"),
    ("pt", "português"),
    ("ro", "română"),
    ("ru", "русский"),
    ("sk", "slovenčina"),
    ("sl", "slovenščina"),
    ("sq", "shqip"),
    ("sr", "српски"),
    ("sv", "svenska"),
    ("th", "ไทย"),
    ("tr", "Türkçe"),
    ("uk", "українська"),
    ("vi", "Tiếng Việt"),
    ("zh", "中文"),
];

/// The same, folded, to the codes.
static BY_NAME: LazyLock<HashMap<String, &str>> =
    LazyLock::new(|| NAMES.iter().rev().map(|(code, name)| (fold(name), *code)).collect());

/// A language by its own name, or its code.
pub(crate) fn own_name(code: &str) -> &str {
    NAMES.iter().find(|(known, _)| *known == code).map_or(code, |(_, name)| name)
}

/// The languages, the site's own first, each once.
#[must_use]
pub fn find(site: &Site<'_>) -> Vec<Finding<LanguageCode>> {
    let mut found: Vec<Finding<LanguageCode>> = Vec::new();
    let mut add = |value: LanguageCode, page: u16, method: Method, snippet: &str, confidence: f32| {
        if found.iter().all(|known| known.value != value) {
            found.push(Finding { value, page: Some(page), method, snippet: snippet.to_owned(), confidence });
        }
    };
    if let (Some(own), Some(home)) = (site.language, site.pages.first()) {
        add(own, 0, Method::Text, home.url.as_str(), 0.9);
    }
    for (index, page) in (0_u16..).zip(site.pages) {
        for head in page.heads.iter().filter(|head| !head.hreflang.is_empty()) {
            if let Some(code) = head.hreflang.parse().ok().filter(|_| head.hreflang != "x-default") {
                add(code, index, Method::Meta, head.href.as_str(), 0.9);
            }
        }
        for (code, text) in switches(page) {
            add(code, index, Method::Link, text, 0.75);
        }
    }
    found
}

/// The first page's counterpart in a language, where the site is in another and no page of it was read.
#[must_use]
pub fn translation(pages: &[Page], language: LanguageCode) -> Option<Url> {
    let home = pages.first()?;
    let is_in = |page: &Page| page.lang.parse() == Ok(language);
    if pages.iter().skip(1).any(is_in) || super::language::find(pages).is_some_and(|own| own.value == language) {
        return None;
    }
    let heads = home.heads.iter().filter(|head| head.hreflang.parse() == Ok(language) && head.hreflang != "x-default");
    let declared = heads.map(|head| head.href.clone());
    let linked =
        home.links.iter().filter(|link| is_name_of(link.text.trim(), language)).filter_map(|link| link.url.clone());
    declared.chain(linked).find(|url| *url != home.url)
}

/// Whether a link is called by a language: its own name, or its code.
fn is_name_of(text: &str, language: LanguageCode) -> bool {
    let folded = fold(prefix(text, 40));
    folded == language.as_str() || BY_NAME.get(&folded).is_some_and(|code| *code == language.as_str())
}

/// Links that are called by a language.
fn switches(page: &Page) -> impl Iterator<Item = (LanguageCode, &str)> {
    page.links.iter().filter(|link| link.url.is_some()).filter_map(|link| {
        let text = link.text.trim();
        let code = BY_NAME.get(&fold(text)).filter(|_| text.len() < 40)?;
        Some((code.parse().ok()?, link.text.as_str()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_of_a_site() {
        let url = Url::parse("https://firma.de/").expect("a URL");
        let html = "<link rel=alternate hreflang=en-GB href=/en/><link rel=alternate hreflang=x-default href=/>\
            <a href=/fr/>Français</a><a href=/deals>Deutschland</a>";
        let page = [crate::page::read(&crate::page::RawPage { url: &url, headers: &[], html })];
        let site = Site { pages: &page, domain: "firma.de", language: "de".parse().ok(), country: None };
        let found: Vec<_> = find(&site).into_iter().map(|found| found.value.to_string()).collect();
        assert_eq!(found, ["de", "en", "fr"]);
        assert_eq!((own_name("pl"), own_name("xx")), ("polski", "xx"));
    }
    #[test]
    fn the_counterpart_of_the_first_page() {
        let url = Url::parse("https://firma.de/").expect("a URL");
        let read = |html: &str| crate::page::read(&crate::page::RawPage { url: &url, headers: &[], html });
        let text = "<p>Wir entwickeln und fertigen Pumpen für die Industrie und für Schiffe.";
        let home =
            read(&format!("<html lang=de><link rel=alternate hreflang=en-GB href=/en/><a href=/f/>FR</a>{text}"));
        let of = |pages: &[Page], language: &str| {
            translation(pages, language.parse().expect("a language")).map(|url| url.path().to_owned())
        };
        let pages = std::slice::from_ref(&home);
        assert_eq!(of(pages, "en").as_deref(), Some("/en/"));
        assert_eq!(of(pages, "fr").as_deref(), Some("/f/"));
        assert_eq!(of(pages, "de"), None, "it is in German itself");
        assert_eq!(of(pages, "it"), None);
        let other = read("<html lang=en><p>We develop and manufacture pumps.");
        assert_eq!(of(&[home.clone(), other], "en"), None, "one was read already");
    }
}
