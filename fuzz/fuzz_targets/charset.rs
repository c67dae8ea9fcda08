//! A first line as the Content-Type, the bytes after it as the body, of which
//! kind and charset are found.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../crates/cmes-fetch/src/charset.rs"]
mod charset;
#[path = "../../crates/cmes-fetch/src/content.rs"]
#[expect(dead_code, reason = "a private module of its crate, of which a part is asked here")]
mod content;
#[path = "../../crates/cmes-fetch/src/prescan.rs"]
mod prescan;

fuzz_target!(|data: &[u8]| {
    let end = data.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let header = String::from_utf8_lossy(&data[..end]);
    let body = &data[end..];
    let kind = content::kind_of_header(&header).unwrap_or_else(|| content::kind_of_bytes(body));
    let (text, name) = charset::decode(body, kind, content::charset_of_header(&header), "example.jp");
    assert!(text.len() <= body.len() * 3 && !name.is_empty());
});
