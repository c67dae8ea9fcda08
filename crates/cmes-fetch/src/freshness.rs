//! How long an answer may be used again (RFC 9111, as a private cache).
//!
//! Pure, and written here for what strangers' headers do to it: any number, any
//! date and any repetition must give some duration and nothing else.

use std::time::{Duration, SystemTime};

/// Pages that say nothing about caching are used again this long at most. Within
/// one enrichment and the next tries of the same user nothing changes; within an
/// hour it may.
const HEURISTIC_LIMIT: Duration = Duration::from_secs(10 * 60);

/// Nothing is believed to stay fresh longer than this (a year, RFC 2616 §14.21).
const LONGEST: Duration = Duration::from_secs(365 * 24 * 3600);

/// Headers with lower-case names, as in [`crate::Fetched`].
pub(crate) type Headers = Vec<(String, String)>;

/// The first value of a header.
pub(crate) fn header<'a>(headers: &'a Headers, name: &str) -> Option<&'a str> {
    headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// May this answer be stored? Of the others nothing could be used again.
pub(crate) fn is_storable(status: u16, headers: &Headers) -> bool {
    let control = Control::of(headers);
    let known = match status {
        200 | 203 | 301 | 308 => true,
        302 | 307 => explicit_lifetime(&control, headers).is_some(),
        _ => false,
    };
    known
        && !control.no_store
        && !varies_always(headers)
        && (has_validator(headers) || !lifetime(status, headers).is_zero())
}

/// Is an answer received at `received` still fresh?
pub(crate) fn is_fresh(status: u16, headers: &Headers, received: SystemTime, now: SystemTime) -> bool {
    // A clock that went backwards makes everything stale, not eternal.
    let Ok(resident) = now.duration_since(received) else { return false };
    let age_header = header(headers, "age").and_then(|age| age.trim().parse().ok()).unwrap_or(0);
    lifetime(status, headers) > resident.saturating_add(Duration::from_secs(age_header))
}

/// The headers that ask whether a stored answer still holds.
pub(crate) fn validators(headers: &Headers) -> Vec<(&'static str, String)> {
    let mut conditions = Vec::new();
    if let Some(etag) = header(headers, "etag") {
        conditions.push(("if-none-match", etag.to_owned()));
    }
    if let Some(modified) = header(headers, "last-modified") {
        conditions.push(("if-modified-since", modified.to_owned()));
    }
    conditions
}

/// The stored headers, updated by those of a "304 Not Modified" (RFC 9111 §3.2).
pub(crate) fn refreshed(stored: &Headers, answer: &Headers) -> Headers {
    let keeps = |name: &str| {
        name.starts_with("content-") || matches!(name, "transfer-encoding" | "connection" | "keep-alive" | "trailer")
    };
    let updated = |name: &str| !keeps(name) && header(answer, name).is_some();
    // An age belongs to the answer it came with.
    let mut headers: Headers = stored.iter().filter(|(name, _)| !updated(name) && name != "age").cloned().collect();
    headers.extend(answer.iter().filter(|(name, _)| !keeps(name)).cloned());
    headers
}

fn has_validator(headers: &Headers) -> bool {
    header(headers, "etag").is_some() || header(headers, "last-modified").is_some()
}

fn varies_always(headers: &Headers) -> bool {
    headers.iter().any(|(name, value)| name == "vary" && value.split(',').any(|field| field.trim() == "*"))
}

fn lifetime(status: u16, headers: &Headers) -> Duration {
    let control = Control::of(headers);
    if control.no_cache || control.no_store {
        return Duration::ZERO;
    }
    explicit_lifetime(&control, headers).unwrap_or_else(|| heuristic_lifetime(status, headers))
}

fn explicit_lifetime(control: &Control, headers: &Headers) -> Option<Duration> {
    if let Some(seconds) = control.max_age {
        return Some(Duration::from_secs(seconds).min(LONGEST));
    }
    let expires = header(headers, "expires")?;
    // What is no date (`0`, `-1`) means "already expired".
    let lifetime = httpdate::parse_http_date(expires.trim()).ok().and_then(|expires| {
        let sent = date(headers, "date").unwrap_or_else(SystemTime::now);
        expires.duration_since(sent).ok()
    });
    Some(lifetime.unwrap_or_default().min(LONGEST))
}

fn heuristic_lifetime(status: u16, headers: &Headers) -> Duration {
    if matches!(status, 302 | 307) {
        return Duration::ZERO;
    }
    let Some(modified) = date(headers, "last-modified") else { return HEURISTIC_LIMIT };
    let sent = date(headers, "date").unwrap_or_else(SystemTime::now);
    // RFC 9111 §4.2.2: a tenth of the time since the last change.
    sent.duration_since(modified).map_or(Duration::ZERO, |age| (age / 10).min(HEURISTIC_LIMIT))
}

fn date(headers: &Headers, name: &str) -> Option<SystemTime> {
    httpdate::parse_http_date(header(headers, name)?.trim()).ok()
}

/// The directives of Cache-Control that concern a private cache.
#[derive(Debug, Default)]
struct Control {
    no_store: bool,
    no_cache: bool,
    max_age: Option<u64>,
}

impl Control {
    fn of(headers: &Headers) -> Control {
        let mut control = Control::default();
        let mut given = false;
        for (_, value) in headers.iter().filter(|(name, _)| name == "cache-control") {
            given = true;
            for directive in value.split(',') {
                control.directive(directive);
            }
        }
        if !given {
            let pragma = header(headers, "pragma").unwrap_or_default();
            control.no_cache = pragma.to_ascii_lowercase().contains("no-cache");
        }
        control
    }

    fn directive(&mut self, directive: &str) {
        let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
        match name.trim().to_ascii_lowercase().as_str() {
            "no-store" => self.no_store = true,
            // With field names it forbids only these; we store none that matter.
            "no-cache" => self.no_cache = true,
            "max-age" => {
                // Too large for a number is still "very long"; nonsense is "stale".
                let digits = value.trim().trim_matches('"');
                let numeric = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
                let seconds = if numeric { digits.parse().unwrap_or(u64::MAX) } else { 0 };
                self.max_age = Some(self.max_age.map_or(seconds, |known| known.min(seconds)));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DATE: (&str, &str) = ("date", "Tue, 10 Mar 2026 12:00:00 GMT");

    fn headers(list: &[(&str, &str)]) -> Headers {
        list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn check(status: u16, list: &[(&str, &str)], expected_seconds: Option<u64>) {
        let headers = headers(list);
        let stored = is_storable(status, &headers).then(|| lifetime(status, &headers).as_secs());
        assert_eq!(stored, expected_seconds, "{status} {list:?}");
    }

    #[test]
    fn explicit_lifetimes() {
        check(200, &[("cache-control", "max-age=3600")], Some(3600));
        check(200, &[("cache-control", "private, Max-Age=\"60\"")], Some(60));
        check(200, &[("cache-control", "max-age=60"), ("cache-control", "max-age=30")], Some(30));
        check(200, &[("cache-control", "s-maxage=60"), ("etag", "\"a\"")], Some(600));
        check(200, &[("cache-control", "max-age=99999999999999999999999")], Some(365 * 24 * 3600));
        check(200, &[DATE, ("expires", "Tue, 10 Mar 2026 13:00:00 GMT")], Some(3600));
        check(200, &[DATE, ("expires", "Tue, 10 Mar 2026 13:00:00 GMT"), ("cache-control", "max-age=5")], Some(5));
        check(302, &[("cache-control", "max-age=60")], Some(60));
    }

    #[test]
    fn stale_at_once_but_worth_asking_about() {
        check(200, &[("cache-control", "no-cache"), ("etag", "\"a\"")], Some(0));
        check(200, &[("pragma", "no-cache"), ("etag", "\"a\"")], Some(0));
        check(200, &[("expires", "0"), ("etag", "\"a\"")], Some(0));
        check(200, &[("cache-control", "max-age=-1"), ("etag", "\"a\"")], Some(0));
        check(200, &[DATE, ("expires", "Tue, 10 Mar 2020 13:00:00 GMT"), ("etag", "\"a\"")], Some(0));
    }

    #[test]
    fn not_worth_storing_or_forbidden() {
        check(200, &[("cache-control", "no-store, max-age=60")], None);
        check(200, &[("cache-control", "no-cache")], None);
        check(200, &[("cache-control", "max-age=60"), ("vary", "accept, *")], None);
        check(302, &[("etag", "\"a\"")], None);
        check(404, &[("cache-control", "max-age=60")], None);
        check(500, &[("cache-control", "max-age=60")], None);
    }

    #[test]
    fn silence_means_ten_minutes_at_most() {
        check(200, &[], Some(600));
        check(301, &[], Some(600));
        check(200, &[DATE, ("last-modified", "Tue, 10 Mar 2020 12:00:00 GMT")], Some(600));
        check(200, &[DATE, ("last-modified", "Tue, 10 Mar 2026 11:50:00 GMT")], Some(60));
        check(200, &[DATE, ("last-modified", "Wed, 11 Mar 2026 12:00:00 GMT")], Some(0));
    }

    #[test]
    fn age_counts() {
        let received = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        let check = |age: &str, after: u64, fresh: bool| {
            let headers = headers(&[("cache-control", "max-age=100"), ("age", age)]);
            assert_eq!(
                is_fresh(200, &headers, received, received + Duration::from_secs(after)),
                fresh,
                "{age} {after}"
            );
        };
        check("0", 99, true);
        check("0", 100, false);
        check("50", 49, true);
        check("50", 50, false);
        check("18446744073709551615", 0, false);
        assert!(!is_fresh(200, &Headers::new(), received, received - Duration::from_secs(1)), "clock set back");
    }

    #[test]
    fn a_304_updates_what_it_names() {
        let stored = headers(&[("content-type", "text/html"), ("etag", "\"a\""), ("age", "9"), ("set-cookie", "x=1")]);
        let answer =
            headers(&[("content-type", "text/plain"), ("cache-control", "max-age=5"), ("content-length", "0")]);
        let expected = headers(&[
            ("content-type", "text/html"),
            ("etag", "\"a\""),
            ("set-cookie", "x=1"),
            ("cache-control", "max-age=5"),
        ]);
        assert_eq!(refreshed(&stored, &answer), expected);
    }

    proptest! {
        #[test]
        fn no_headers_panic(control in "\\PC*", expires in "\\PC*", age in "[0-9]{0,25}", received: u32, now: u32) {
            let headers = headers(&[("cache-control", &control), ("expires", &expires), ("age", &age), ("last-modified", &expires)]);
            let at = |seconds: u32| SystemTime::UNIX_EPOCH + Duration::from_secs(u64::from(seconds));
            let _ = is_storable(200, &headers);
            let _ = is_fresh(200, &headers, at(received), at(now));
        }
    }
}
