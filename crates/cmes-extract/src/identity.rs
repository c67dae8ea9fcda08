//! Whether what was read is a company's site at all, and one company's.
//!
//! A firm that deals in domains, or writes "coming soon" beside a product, is a
//! company: telling words count only on sites with hardly any other text.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::facts::{Site, names};
use crate::fold::{fold, key};
use crate::page::{Page, Region, prefix};
use crate::words;

/// What the pages are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A site of its owner.
    Company,
    /// Parked, for sale, a hosting default, a placeholder: nobody's profile.
    /// Holds the words that show it.
    NotACompany(String),
}

/// Text of a whole site, in characters, up to which its words may show that it
/// is nobody's: parking pages list related searches.
const SHORT: usize = 2_500;
/// The same for words that companies use too (`coming soon`).
const NEARLY_EMPTY: usize = 500;

/// Addresses of parking services, in scripts, frames and links of a page.
static PARKING: LazyLock<Vec<String>> = LazyLock::new(|| words::list(include_str!("identity/parking.txt")));

/// Words, folded, of pages that are for sale, parked or a server's own.
static TELLING: LazyLock<Vec<String>> = LazyLock::new(|| words::list(include_str!("identity/telling.txt")));

/// Words, folded, that companies use too, but not as all that they say.
static UNFINISHED: LazyLock<Vec<String>> = LazyLock::new(|| words::list(include_str!("identity/unfinished.txt")));

static TELLING_WORDS: LazyLock<AhoCorasick> = LazyLock::new(|| words::finder(&TELLING));
static UNFINISHED_WORDS: LazyLock<AhoCorasick> = LazyLock::new(|| words::finder(&UNFINISHED));
static PARKING_MARKS: LazyLock<AhoCorasick> = LazyLock::new(|| words::finder(&PARKING));

/// Judges the pages by their words and markup.
#[must_use]
pub fn judge(site: &Site<'_>) -> Verdict {
    let Some(home) = site.pages.first() else { return Verdict::Company };
    let text = visible(site.pages);
    let length = text.chars().count();
    if length > SHORT || describes_company(site) {
        return Verdict::Company;
    }
    let title = prefix(&home.title, 300);
    if let Some(words) = listing(home) {
        return Verdict::NotACompany(words);
    }
    if let Some(mark) = parking(home).filter(|_| length <= SHORT / 2 || !has_contact(&text)) {
        return Verdict::NotACompany(mark);
    }
    for line in std::iter::once(title).chain(home.lines.iter().map(|line| line.text.as_str())) {
        let folded = fold(prefix(line, 1_000));
        if let Some(found) = TELLING_WORDS.find(&folded)
            && is_meant(found.pattern().as_usize(), home, &text, site.domain)
        {
            return Verdict::NotACompany(prefix(line, 200).to_owned());
        }
    }
    if length <= NEARLY_EMPTY && !has_contact(&text) {
        for line in std::iter::once(title).chain(home.lines.iter().map(|line| line.text.as_str())) {
            if UNFINISHED_WORDS.is_match(&fold(prefix(line, 1_000))) {
                return Verdict::NotACompany(prefix(line, 200).to_owned());
            }
        }
    }
    Verdict::Company
}

/// The text of all pages that a visitor reads, consent banners left out; no
/// more than is needed.
fn visible(pages: &[Page]) -> String {
    let mut text = String::new();
    for line in pages.iter().flat_map(|page| &page.lines) {
        if line.hidden || line.region == Region::Overlay {
            continue;
        }
        text.push_str(&line.text);
        text.push('\n');
        if text.len() > SHORT * 6 {
            break;
        }
    }
    text
}

/// Whether structured data describes an organisation with more than a name.
fn describes_company(site: &Site<'_>) -> bool {
    let items = site.pages.iter().flat_map(|page| &page.items);
    items.filter(|item| item.is_organization()).any(|item| {
        ["address", "telephone", "email", "legalName", "vatID"].iter().any(|name| item.values(name).next().is_some())
    })
}

/// A folder shown by the server.
fn listing(home: &Page) -> Option<String> {
    let heading = home.lines.iter().find(|line| line.heading > 0).map_or("", |line| line.text.as_str());
    [home.title.as_str(), heading]
        .into_iter()
        .find(|text| text.starts_with("Index of /") || text.starts_with("Directory listing for /"))
        .map(|text| prefix(text, 200).to_owned())
}

fn parking(home: &Page) -> Option<String> {
    let scripts = home.scripts.iter().flat_map(|script| [script.src.as_str(), script.text.as_str()]);
    let links = home.links.iter().map(|link| link.href.as_str());
    let metas = home.metas.iter().map(|meta| meta.content.as_str());
    let mut places = scripts.chain(links).chain(metas);
    places.find_map(|place| {
        let found = PARKING_MARKS.find(place)?;
        // Part of an ordinary host name is no sign.
        let is_part =
            PARKING.get(found.pattern().as_usize()).is_some_and(|mark| mark == "ww1.") && !place.contains("//ww1.");
        (!is_part).then(|| prefix(place.get(found.start()..).unwrap_or_default(), 120).to_owned())
    })
}

/// Whether telling words are about this very domain: `is for sale` may be said
/// of a house.
fn is_meant(entry: usize, home: &Page, text: &str, domain: &str) -> bool {
    let words = TELLING.get(entry).map_or("", String::as_str);
    let vague = [
        "is for sale",
        "make an offer",
        "domain kaufen",
        "related searches",
        "it works!",
        "dominio registrado",
        "hello world",
    ];
    if !vague.contains(&words) {
        // A broker's own site says who it is.
        return !(has_contact(text) && names_itself(home, domain) && text.chars().count() > SHORT / 2);
    }
    let label = key(domain);
    match words {
        "it works!" => text.chars().count() < 60,
        "related searches" => home.lines.len() < 60 && key(&home.title).contains(&label),
        _ => key(prefix(text, 1_500)).contains(&label) && text.chars().count() < SHORT / 2,
    }
}

/// Whether a copyright line or logo carries the name of the domain.
fn names_itself(home: &Page, domain: &str) -> bool {
    let label = key(names::label(domain));
    home.lines.iter().any(|line| line.region == Region::Footer && key(prefix(&line.text, 300)).contains(&label))
}

/// Whether the text gives a way to reach someone.
pub(crate) fn has_contact(text: &str) -> bool {
    let digits = |line: &str| line.chars().filter(char::is_ascii_digit).count();
    text.contains('@') || text.lines().any(|line| (8..=40).contains(&digits(line)) && line.len() < 200)
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;
    use crate::page::{RawPage, read};

    fn check(html: &str, company: bool) {
        let url = Url::parse("https://gold-trading.com/").expect("a URL");
        let pages = [read(&RawPage { url: &url, headers: &[], html })];
        let site = Site { pages: &pages, domain: "gold-trading.com", language: None, country: None };
        let verdict = judge(&site);
        assert_eq!(verdict == Verdict::Company, company, "{verdict:?} {html}");
    }

    #[test]
    fn pages_of_nobody_are_told() {
        for html in [
            "<title>gold-trading.com is for sale</title><h1>gold-trading.com</h1><h2>This domain is for sale!</h2><p>Call our brokers: +1 800-555-0123",
            "<title>Welcome to nginx!</title><h1>Welcome to nginx!</h1><p>If you see this page, the nginx web server is successfully installed.",
            "<title>Apache2 Ubuntu Default Page: It works</title><p>Apache2 Ubuntu Default Page",
            "<h1>It works!</h1>",
            "<title>Index of /</title><h1>Index of /</h1><ul><li><a href=a>a</a></ul>",
            "<title>Account Suspended</title><h1>This Account has been suspended.</h1><p>Contact your hosting provider.",
            "<title>gold-trading.com</title><p>Diese Domain steht zum Verkauf",
            "<p>Ce nom de domaine est à vendre. Le domaine est à vendre.",
            "<p>Este dominio está en venta",
            "<p>Домен продаётся",
            "<script>window.location.href=\"/lander\"</script>",
            "<script src='https://img1.sedoparking.com/js.js'></script><p>Gold Bars<p>Forex",
            "<title>Coming Soon</title><h1>Coming soon</h1>",
            "<h1>Sito in costruzione</h1>",
            "<title>gold-trading.com</title><p>Domain was registered by one of our customers.",
        ] {
            check(html, false);
        }
    }

    #[test]
    fn pages_of_nobody_are_told_in_many_languages() {
        for words in [
            "Dieser Domainname: Domain könnte zum Verkauf stehen",
            "Ce domaine est à vendre",
            "Este dominio puede estar a la venta",
            "Questo dominio è in vendita",
            "Este domínio pode estar à venda",
            "Deze domeinnaam is te koop",
            "Ta domena jest na sprzedaż",
            "Tato doména je na prodej",
            "Táto doména je na predaj",
            "Ez a domain eladó",
            "Acest domeniu este de vânzare",
            "Този домейн се продава",
            "Домен выставлен на продажу",
            "Домен продається",
            "Bu alan adı satılıktır",
            "Domena je na prodaju",
            "Verkkotunnus on myytävänä",
            "Denna domän är till salu",
            "Domænet er til salg",
            "Domenet er til salgs",
            "הדומיין למכירה",
            "هذا النطاق معروض للبيع",
            "Domain ini dijual",
            "ドメイン販売中",
            "域名正在出售",
            "도메인을 판매합니다",
            "Domena utrzymywana na serwerach home.pl",
            "Dominio registrato per conto di un cliente",
            "Домен делегирован на серверы хостинга",
            "Looks like this domain isn't connected to a website yet",
            "There isn't a GitHub Pages site here.",
            "Strona w budowie",
            "Сайт в разработке",
            "網站建置中",
            "Hacked by xXx",
        ] {
            check(&format!("<title>gold-trading.com</title><h1>{words}</h1>"), false);
        }
    }

    #[test]
    fn an_unfinished_or_broken_site_that_names_its_company_is_a_company() {
        let data =
            "<p>Gold Trading Ltd, 18 Foundry Lane, Manchester M17 9ZZ<p>Tel. +44 161 496 0123<p>info@gold-trading.com";
        for words in [
            "Coming soon",
            "Hier entsteht eine neue Website",
            "Future home of something quite cool",
            "Site en cours de construction",
            "Hacked by xXx",
            "メンテナンス中",
        ] {
            check(&format!("<title>gold-trading.com</title><h1>{words}</h1>{data}"), true);
        }
    }

    #[test]
    fn companies_stay_companies() {
        let long = "We buy and sell gold for jewellers and investors in Europe. ".repeat(60);
        for html in [
            "<h1>Gold Trading Ltd</h1><p>New shop coming soon. Call +44 161 496 0123",
            "<p>We make pumps.",
            &format!("<p>{long}<p>This domain is for sale"),
            "<script type=application/ld+json>{\"@type\":\"Organization\",\"telephone\":\"+1\"}</script><p>Our domain for sale list",
            "<h1>House in Kiel</h1><p>This house is for sale by its owner.",
            "",
        ] {
            check(html, true);
        }
    }
}
