//! Any text as a page: it is read and made into a profile, which carries
//! evidence and serialises.

#![no_main]

use cmes_extract::content::Content;
use cmes_extract::exceptions::Exceptions;
use cmes_extract::profile::{Material, Reading, assemble};
use cmes_extract::{RawPage, page};
use cmes_types::LanguageCode;
use libfuzzer_sys::fuzz_target;
use url::Url;

fuzz_target!(|data: &[u8]| {
    let html = String::from_utf8_lossy(data);
    let url = Url::parse("https://www.example.com/about/").expect("a fixed URL");
    let headers = [("server".to_owned(), html.chars().take(40).collect::<String>())];
    let pages = [page::read(&RawPage { url: &url, headers: &headers, html: &html })];
    let content = Content::default();
    if let Reading::Profile(mut data, evidence) =
        assemble(&Material { pages: &pages, content: &content, language: LanguageCode::ENGLISH, extended: true })
    {
        data.evidence = Some(evidence);
        Exceptions::parse("example, \"a b\", é").apply(&mut data);
    }
});
