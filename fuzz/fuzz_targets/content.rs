//! Any text is a Content: it is read without panic.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = cmes_extract::content::read(text);
});
