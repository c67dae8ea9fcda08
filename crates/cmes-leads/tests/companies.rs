//! The companies of the testkit, each held against queries that it answers to and
//! queries that it does not (`companies.tsv`), and their pages told from lists.

use cmes_extract::content::Content;
use cmes_extract::page::{self, Page, RawPage};
use cmes_extract::places::Country;
use cmes_extract::profile::{Material, Reading, assemble};
use cmes_leads::candidates::{self, Kind};
use cmes_leads::judging::{Company, judge};
use cmes_leads::query::{Activity, Place, Query};
use cmes_types::{CompanyData, LanguageCode};

/// The pages of a site that a polite reader sees, home first.
fn pages(site: &cmes_testkit::Site) -> Vec<Page> {
    let saved = site.visited_pages();
    saved.iter().map(|(url, page)| page::read(&RawPage { url, headers: &page.headers, html: &page.html })).collect()
}

fn profile(pages: &[Page]) -> Option<Box<CompanyData>> {
    let content = Content::default();
    let language = LanguageCode::ENGLISH;
    match assemble(&Material { pages, content: &content, language, extended: true }) {
        Reading::Profile(data, _) => Some(data),
        Reading::NotACompany(_) => None,
    }
}

fn query(language: &str, activity: &str, country: &str) -> Query {
    Query {
        text: format!("{activity}, {country}"),
        language: language.parse().expect("a language"),
        activities: vec![Activity::of(activity, language.parse().expect("a language"))],
        places: vec![Place { words: country.to_owned(), country: Country::from_code(country), ..Place::default() }],
        conditions: Vec::new(),
    }
}

#[test]
fn companies_answer_to_what_they_do() {
    let table: Vec<Vec<&str>> = include_str!("companies.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split('\t').collect())
        .collect();
    let (mut right, mut false_matches, mut lost, mut lost_at_once) = (0, 0, 0, 0);
    let mut wrong = Vec::new();
    let mut asked = 0;
    for site in cmes_testkit::all_sites() {
        let pages = pages(&site);
        let Some(data) = profile(&pages) else { continue };
        let name = site.name.trim_end_matches(".example");
        for row in table.iter().filter(|row| row.first() == Some(&name)) {
            let [_, language, activity, country, expected] = row.as_slice() else { panic!("five columns: {row:?}") };
            asked += 1;
            let query = query(language, activity, country);
            let whole = Company { pages: &pages, data: Some(&data), likeness: None };
            let judged = judge(&query, &whole);
            let first = Company { pages: pages.get(..1).unwrap_or_default(), data: None, likeness: None };
            let at_once = judge(&query, &first);
            let fits = *expected == "yes";
            if fits && !at_once.may_match() {
                lost_at_once += 1;
                wrong.push(format!("lost at once: {row:?} {:?}", at_once.conditions));
            }
            if judged.is_match() == fits {
                right += 1;
            } else {
                if fits {
                    lost += 1;
                } else {
                    false_matches += 1;
                }
                wrong.push(format!("{row:?} {} {:?}", judged.fit, judged.conditions));
            }
        }
    }
    assert_eq!(asked, table.len(), "every row names a company");
    let told = format!("{right} of {asked} right, {false_matches} false, {lost} lost, {lost_at_once} lost at once");
    assert!(
        right * 100 >= asked * 98 && false_matches * 100 <= asked * 2 && lost_at_once == 0,
        "{told}\n{}",
        wrong.join("\n")
    );
}

#[test]
fn every_page_of_a_company_is_a_company_s() {
    let mut seen = 0;
    for site in cmes_testkit::all_sites() {
        let pages = pages(&site);
        if profile(&pages).is_none() {
            continue;
        }
        for page in &pages {
            seen += 1;
            assert_eq!(candidates::by_page(page), Kind::Company, "{}", page.url);
            assert_eq!(
                candidates::by_hit(&page.url, &page.title, page.meta("description").unwrap_or_default()),
                Kind::Company,
                "{} {}",
                page.url,
                page.title
            );
        }
    }
    assert!(seen > 200, "{seen}");
}
