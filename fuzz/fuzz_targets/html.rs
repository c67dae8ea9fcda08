//! Any text is a page: it is read and a profile is made of it without panic.

#![no_main]

use cmes_extract::content::Content;
use cmes_extract::page::{RawPage, read};
use cmes_extract::profile::{Material, assemble};
use cmes_types::LanguageCode;
use libfuzzer_sys::fuzz_target;
use url::Url;

fuzz_target!(|html: &str| {
    let url = Url::parse("https://www.example.com/").expect("a URL");
    let headers = [("server".to_owned(), "nginx".to_owned())];
    let pages = [read(&RawPage { url: &url, headers: &headers, html })];
    let content = Content::default();
    let _ = assemble(&Material { pages: &pages, content: &content, language: LanguageCode::ENGLISH });
});
