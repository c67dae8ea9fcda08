//! Open positions that the pages name.

use cmes_types::{Method, OpenPosition};

use crate::facts::{Finding, Site, snippet};
use crate::fold::key;
use crate::page::{Line, Page};
use crate::structured::{self, Item};

/// Most positions of one company.
const MOST: usize = 50;
/// Longest title, in characters.
const LONGEST: usize = 110;

/// The positions, each once: structured data, links to offers, headings.
#[must_use]
pub fn find(site: &Site<'_>) -> Vec<Finding<OpenPosition>> {
    let mut found: Vec<Finding<OpenPosition>> = Vec::new();
    for (index, page) in (0_u16..).zip(site.pages) {
        for finding in stated(page).chain(linked(page)).chain(headed(page)) {
            let same = |known: &Finding<OpenPosition>| key(&known.value.title) == key(&finding.value.title);
            if found.len() < MOST && !found.iter().any(same) {
                found.push(Finding { page: Some(index), ..finding });
            }
        }
    }
    found
}

fn stated(page: &Page) -> impl Iterator<Item = Finding<OpenPosition>> + '_ {
    let postings = structured::all(&page.items).map(|(_, item)| item).filter(|item| item.is_a(&["JobPosting"]));
    postings.filter_map(|item| {
        let title = item.text("title").or_else(|| item.text("name"))?.to_owned();
        let place = item.items("jobLocation").find_map(locality).unwrap_or_default();
        let link = item.text("url").filter(|url| url.starts_with("http")).unwrap_or(page.url.as_str()).to_owned();
        let said = title.clone();
        Some(finding(OpenPosition { title, place, link }, Method::SchemaOrg, said, 0.95))
    })
}

fn locality(place: &Item) -> Option<String> {
    let address = place.items("address").next().unwrap_or(place);
    address.text("addressLocality").map(str::to_owned)
}

/// Links whose text offers a job: `Schweißer (m/w/d)`.
fn linked(page: &Page) -> impl Iterator<Item = Finding<OpenPosition>> + '_ {
    page.links.iter().filter_map(|link| {
        let title = title(&link.text)?;
        let url = link.url.as_ref().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        let position = OpenPosition { title, place: String::new(), link: url.to_string() };
        Some(finding(position, Method::Link, snippet(&link.text, ""), 0.8))
    })
}

/// Headings and items of lists that do.
fn headed(page: &Page) -> impl Iterator<Item = Finding<OpenPosition>> + '_ {
    let is_item = |line: &&Line| {
        line.heading > 0
            || page
                .ancestors(line.element)
                .take(2)
                .any(|(_, element)| matches!(element.name, "li" | "td" | "dt" | "summary"))
    };
    page.lines.iter().filter(|line| !line.hidden).filter(is_item).filter_map(|line| {
        let position = OpenPosition { title: title(&line.text)?, ..OpenPosition::default() };
        Some(finding(position, Method::Text, snippet(&line.text, ""), 0.7))
    })
}

fn finding(value: OpenPosition, method: Method, snippet: String, confidence: f32) -> Finding<OpenPosition> {
    Finding { value, page: None, method, snippet, confidence }
}

/// A text that is the title of an offer: the words that offers carry, and a
/// job beside them.
fn title(text: &str) -> Option<String> {
    let text = text.trim();
    let is_short = (4..=LONGEST).contains(&text.chars().count());
    let lower = if is_short { text.to_lowercase() } else { return None };
    let at = GENDERS.iter().find_map(|mark| lower.find(mark))?;
    let before = lower.get(..at)?;
    before.chars().any(char::is_alphabetic).then(|| text.trim_end_matches(['>', '›', '»', '→', ' ']).to_owned())
}

/// With these, offers say that they are for everybody; nothing else does.
const GENDERS: &[&str] = &[
    "(m/w/d",
    "(w/m/d",
    "(d/m/w",
    "(m/w/x",
    "(w/m/x",
    "(m/f/d",
    "(f/m/d",
    "(m/f/x",
    "(f/m/x",
    "(h/f",
    "(f/h",
    "(m/v",
    "(m/k",
    "(k/m",
    "(m/w)",
    "(w/m)",
    "(all genders",
    "(gn)",
    "(m|w|d",
    "(w|m|d",
    "(m/ž",
    "(ž/m",
    "(м/ж",
    "(m/f)",
    "(f/m)",
    "m/w/d",
    "h/f/x",
    "(m/v/x",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offers_by_their_marks() {
        for text in
            ["Schweißer (m/w/d)", "Ingénieur commercial (H/F)", "Software Engineer (f/m/x)", "Verkoper (m/v) Utrecht"]
        {
            assert_eq!(title(text).as_deref(), Some(text));
        }
        for text in ["Head of Sales", "(m/w/d)", "Our team", ""] {
            assert_eq!(title(text), None, "{text}");
        }
    }

    #[test]
    fn offers_of_a_page() {
        let url = url::Url::parse("https://firma.de/jobs").expect("a URL");
        let html = "<a href=/jobs/1>Schweißer (m/w/d)</a><h3>Schweißer (m/w/d)</h3><ul><li>Dreher (m/w/d) in Kiel</ul>\
            <script type=application/ld+json>{\"@type\":\"JobPosting\",\"title\":\"Welder\",\"jobLocation\":{\"address\":{\"addressLocality\":\"Kiel\"}}}</script>";
        let page = [crate::page::read(&crate::page::RawPage { url: &url, headers: &[], html })];
        let site = Site { pages: &page, domain: "firma.de", language: None, country: None };
        let found: Vec<_> = find(&site).into_iter().map(|found| found.value).collect();
        let titles: Vec<_> = found.iter().map(|one| one.title.as_str()).collect();
        assert_eq!(titles, ["Welder", "Schweißer (m/w/d)", "Dreher (m/w/d) in Kiel"]);
        assert_eq!((found[0].place.as_str(), found[1].link.as_str()), ("Kiel", "https://firma.de/jobs/1"));
    }
}
