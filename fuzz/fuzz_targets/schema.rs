//! A first line as a schema, the lines after it as an answer; any answer to the
//! schema of a profile's texts.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../crates/cmes-models/src/schema.rs"]
#[expect(dead_code, reason = "a part of its crate, of which a part is asked here")]
mod schema;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let (first, answer) = text.split_once('\n').unwrap_or((&text, &text));
    if let Ok(schema) = schema::JsonSchema::new("any", first)
        && let Ok(json) = schema.find(answer)
    {
        assert!(serde_json::from_str::<serde_json::Value>(json).is_ok(), "what is found is JSON");
    }
});
