//! The line of business that the pages state: a kind of schema.org, or a code
//! of a classification.

use std::sync::LazyLock;

use cmes_types::Method;
use regex::Regex;

use crate::facts::{Finding, Site, snippet};
use crate::page::Page;

/// Codes of national classifications behind their names.
static CODES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?P<s>Code APE|Code NAF|APE|NAF|CNAE|ATECO|NACE|ÖNACE|SIC code|NAICS|ОКВЭД|PKD|CAE)(?:[ /]*(?:APE|NAF|Rev\.? ?2|code|kód|codice))?\s*[:：]?\s*(?P<c>\d{2}(?:[.\-]?\d{1,2}){1,2}(?:[-/.]?\d{1,2})?\s?[A-Z]?)\b",
    )
    .expect("the pattern is fixed and was tried by the tests")
});

/// Kinds that say nothing of what is done.
const GENERAL: &[&str] = &[
    "Organization",
    "Corporation",
    "LocalBusiness",
    "NGO",
    "OnlineBusiness",
    "OnlineStore",
    "Store",
    "Place",
    "Project",
    "Brand",
    "Consortium",
    "ProfessionalService",
    "PerformingGroup",
    "Thing",
    "WebSite",
    "HomeAndConstructionBusiness",
    "FinancialService",
];

/// The industry, if one is stated.
#[must_use]
pub fn find(site: &Site<'_>) -> Option<Finding<String>> {
    let pages = || (0_u16..).zip(site.pages);
    let stated = pages().find_map(|(index, page)| stated(page).map(|found| Finding { page: Some(index), ..found }));
    stated.or_else(|| pages().find_map(|(index, page)| code(page).map(|found| Finding { page: Some(index), ..found })))
}

fn stated(page: &Page) -> Option<Finding<String>> {
    let organizations = || page.items.iter().filter(|item| item.is_organization());
    let named = organizations().find_map(|item| item.text("industry")).map(str::to_owned);
    let coded = || {
        organizations().find_map(|item| {
            let code = |name| item.text(name).filter(|text| text.len() < 30);
            code("isicV4")
                .map(|code| format!("ISIC {code}"))
                .or_else(|| code("naics").map(|code| format!("NAICS {code}")))
        })
    };
    let kind = || {
        let types = organizations().flat_map(|item| &item.types);
        types.map(String::as_str).find(|kind| !GENERAL.contains(kind)).map(spaced)
    };
    let value = named.or_else(kind).or_else(coded)?;
    Some(Finding { snippet: value.clone(), value, page: None, method: Method::SchemaOrg, confidence: 0.85 })
}

/// `AutoRepair`: `Auto repair`.
fn spaced(kind: &str) -> String {
    let mut out = String::new();
    for c in kind.chars() {
        if c.is_uppercase() && !out.is_empty() {
            out.push(' ');
            out.extend(c.to_lowercase());
        } else {
            out.push(c);
        }
    }
    out
}

fn code(page: &Page) -> Option<Finding<String>> {
    page.lines.iter().filter(|line| line.text.len() < 2_000).find_map(|line| {
        let found = CODES.captures(&line.text)?;
        let name = found.name("s")?.as_str().trim_start_matches("Code ");
        let value = format!("{name} {}", found.name("c")?.as_str());
        Some(Finding { value, page: None, method: Method::Text, snippet: snippet(&line.text, name), confidence: 0.85 })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, expected: Option<&str>) {
        let url = url::Url::parse("https://firma.de/").expect("a URL");
        let page = [crate::page::read(&crate::page::RawPage { url: &url, headers: &[], html })];
        let site = Site { pages: &page, domain: "firma.de", language: None, country: None };
        assert_eq!(find(&site).map(|found| found.value).as_deref(), expected, "{html}");
    }

    #[test]
    fn industries_that_are_stated() {
        check(
            "<script type=application/ld+json>{\"@type\":\"AutoRepair\",\"name\":\"X\"}</script>",
            Some("Auto repair"),
        );
        check("<script type=application/ld+json>{\"@type\":\"Organization\",\"name\":\"X\"}</script>", None);
        check("<p>SIRET 123 – Code APE 7410Z", Some("APE 7410Z"));
        check("<p>ATECO 28.13.00", Some("ATECO 28.13.00"));
        check("<p>ОКВЭД 28.13", Some("ОКВЭД 28.13"));
        check("<p>We repair cars", None);
    }
}
