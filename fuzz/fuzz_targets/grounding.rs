//! A first line held against the lines after it; and its sentences against
//! themselves, which hold no number that is not there.

#![no_main]

use cmes_extract::grounding::{Fault, Ground};
use cmes_extract::sentences;
use cmes_types::LanguageCode;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let (sentence, rest) = text.split_once('\n').unwrap_or((&text, ""));
    let ground = Ground::new([rest], Some(LanguageCode::ENGLISH));
    let _ = (ground.faults(sentence, LanguageCode::ENGLISH), ground.bears(sentence, LanguageCode::ENGLISH));
    for one in sentences::split(sentence).into_iter().take(20).filter(|one| sentences::split(one).len() == 1) {
        let faults = Ground::new([one], Some(LanguageCode::ENGLISH)).faults(one, LanguageCode::ENGLISH);
        let is_instruction = faults.contains(&Fault::Instruction);
        assert!(is_instruction || !faults.iter().any(|fault| matches!(fault, Fault::Number(_))), "{faults:?}");
    }
});
