//! Any text as the Content of a request: a link, an address, an e-mail.

#![no_main]

use cmes_extract::content;
use cmes_extract::profile::{Material, assemble};
use cmes_types::LanguageCode;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let read = content::read(&String::from_utf8_lossy(data));
    let _ = assemble(&Material { pages: &[], content: &read, language: LanguageCode::ENGLISH, extended: true });
});
