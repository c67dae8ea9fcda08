//! Any bytes as a file, by each kind's name: it is read, or refused within its
//! limits. What is read can be written as HTML and read again.

#![no_main]

use cmes_documents::{Limits, from_bytes, from_html, from_page, to_html};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let limits = Limits { steps: 5_000_000, unpacked: 16 * 1024 * 1024, cells: 50_000, ..Limits::default() };
    for name in ["a", "a.md", "a.csv", "a.html"] {
        if let Ok(document) = from_bytes(name, None, data, &limits) {
            let again = from_html(&to_html(&document));
            assert_eq!(from_html(&to_html(&again)), again);
        }
    }
    let _ = from_page(&String::from_utf8_lossy(data));
});
