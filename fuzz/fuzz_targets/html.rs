//! Any text as the two pages of a site: they are read and made into a profile
//! with every field.

#![no_main]

use cmes_extract::content::Content;
use cmes_extract::profile::{Material, assemble};
use cmes_extract::{RawPage, page};
use cmes_types::LanguageCode;
use libfuzzer_sys::fuzz_target;
use url::Url;

fuzz_target!(|data: &[u8]| {
    let html = String::from_utf8_lossy(data);
    let headers = [("server".to_owned(), html.chars().take(40).collect::<String>())];
    let pages = ["https://www.example.de/", "https://www.example.de/impressum"].map(|url| {
        let url = Url::parse(url).expect("a fixed URL");
        page::read(&RawPage { url: &url, headers: &headers, html: &html })
    });
    let content = Content::default();
    let _ = assemble(&Material { pages: &pages, content: &content, language: LanguageCode::ENGLISH, extended: true });
});
