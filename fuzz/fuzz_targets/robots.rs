//! A first line as a path, the lines after it as the rules of a robots.txt.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../crates/cmes-fetch/src/robots_txt.rs"]
mod robots_txt;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let (path, _) = text.split_once('\n').unwrap_or((&text, ""));
    let _ = robots_txt::RobotsTxt::parse(data).allows(path);
});
