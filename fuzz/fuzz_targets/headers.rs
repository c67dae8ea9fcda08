//! Lines of headers, as an answer that may be stored and used again.

#![no_main]

use std::time::{Duration, SystemTime};

use libfuzzer_sys::fuzz_target;

#[path = "../../crates/cmes-fetch/src/freshness.rs"]
mod freshness;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let pair = |line: &str| line.split_once(':').map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()));
    let headers: freshness::Headers = text.lines().filter_map(pair).collect();
    let (received, now) = (SystemTime::UNIX_EPOCH, SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000));
    let _ = (freshness::is_storable(200, &headers), freshness::is_storable(302, &headers));
    assert!(!freshness::is_fresh(200, &headers, received, now), "nothing is fresh after thirty years");
    let _ = (freshness::is_fresh(301, &headers, now, now), freshness::validators(&headers));
    let _ = freshness::refreshed(&headers, &headers);
});
