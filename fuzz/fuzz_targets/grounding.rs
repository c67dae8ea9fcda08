//! A first line held against the lines after it; and every sentence against itself,
//! which says nothing that is not there.

#![no_main]

use cmes_extract::grounding::{Fault, Ground};
use cmes_types::LanguageCode;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let (sentence, rest) = text.split_once('\n').unwrap_or((&text, ""));
    let ground = Ground::new([rest], Some(LanguageCode::ENGLISH));
    let _ = (ground.faults(sentence, LanguageCode::ENGLISH), ground.bears(sentence, LanguageCode::ENGLISH));
    let itself = Ground::new([sentence], Some(LanguageCode::ENGLISH)).faults(sentence, LanguageCode::ENGLISH);
    assert!(
        itself.iter().all(|fault| !matches!(fault, Fault::Name(_)) || itself.contains(&Fault::Instruction)),
        "{itself:?}"
    );
});
