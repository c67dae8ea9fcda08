//! A first line as a query for leads, and what follows it as a page: of a list, and of a company that is judged by it.

#![no_main]

use cmes_extract::content::Content;
use cmes_extract::profile::{Material, Reading, assemble};
use cmes_extract::{RawPage, page};
use cmes_leads::candidates::{by_hit, by_page, entry_site, named, next_page};
use cmes_leads::judging::{Company, judge};
use cmes_leads::query::Query;
use cmes_types::LanguageCode;
use libfuzzer_sys::fuzz_target;
use url::Url;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let (sentence, html) = text.split_once('\n').unwrap_or((&text, ""));
    let query = Query::read(sentence);
    let _ = query.searches();

    let url = Url::parse("https://www.example.de/list").expect("a fixed URL");
    let page = page::read(&RawPage { url: &url, headers: &[], html });
    let _ = (by_hit(&url, sentence, html), by_page(&page), entry_site(&page), next_page(&page));
    assert!(named(&page).len() <= 200);

    let pages = [page];
    let first = judge(&query, &Company { pages: &pages, data: None, likeness: None });
    let content = Content::default();
    let material = Material { pages: &pages, content: &content, language: LanguageCode::ENGLISH, extended: true };
    assert!((0.0..=1.0).contains(&first.fit));
    if let Reading::Profile(profile, _) = assemble(&material) {
        let whole = judge(&query, &Company { pages: &pages, data: Some(&profile), likeness: None });
        assert!((0.0..=1.0).contains(&whole.fit));
    }
});
