//! Any text as an offer, which is read and assessed.

#![no_main]

use cmes_extract::assessment::{Offer, Signals, assess};
use cmes_types::CompanyData;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let signals = Signals::of(&CompanyData::default(), &text);
    let assessment = assess(&signals, &Offer::read(&text), None, |_| Some(1.0));
    assert!(assessment.probability <= 100);
});
