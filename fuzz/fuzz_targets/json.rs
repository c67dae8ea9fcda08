//! Any text as JSON; what is JSON strictly means the same when it is mended.

#![no_main]

use cmes_types::lenient_json;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let _ = lenient_json::from_str::<Value>(&text);
    if let Ok(value) = serde_json::from_str::<Value>(&text) {
        assert_eq!(serde_json::from_str::<Value>(&lenient_json::normalize(&text)).ok(), Some(value));
    }
});
