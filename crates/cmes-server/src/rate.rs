//! How many requests a key may make: a fixed window of one minute, so that the
//! headers can say exactly how many are left and when the next minute begins.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use cmes_types::{KeyId, Timestamp};
use http::HeaderValue;

const WINDOW_MS: i64 = 60_000;
/// Most keys counted at once before those of past minutes are forgotten.
const COUNTED: usize = 10_000;

/// Counts the requests of each key.
#[derive(Debug)]
pub(crate) struct RateLimiter {
    per_minute: u32,
    /// The same in every answer.
    policy: Option<HeaderValue>,
    windows: Mutex<HashMap<KeyId, Window>>,
}

#[derive(Clone, Copy, Debug)]
struct Window {
    minute: i64,
    used: u32,
}

/// What is left to a key after this request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quota {
    /// Whether this request is within it.
    pub(crate) admitted: bool,
    /// Requests a minute.
    pub(crate) limit: u32,
    /// Requests left in this minute.
    pub(crate) left: u32,
    /// Seconds until the next minute, at least one.
    pub(crate) reset: u64,
}

impl RateLimiter {
    pub(crate) fn new(per_minute: u32) -> Self {
        let policy = HeaderValue::try_from(format!("\"key\";q={per_minute};w=60")).ok();
        Self { per_minute, policy, windows: Mutex::new(HashMap::new()) }
    }

    /// `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers).
    pub(crate) fn policy_header(&self) -> Option<HeaderValue> {
        self.policy.clone()
    }

    /// Counts one request.
    pub(crate) fn count(&self, key: KeyId, now: Timestamp) -> Quota {
        let minute = now.milliseconds().div_euclid(WINDOW_MS);
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() >= COUNTED {
            windows.retain(|_, window| window.minute == minute);
        }
        let window = windows.entry(key).or_insert(Window { minute, used: 0 });
        if window.minute != minute {
            *window = Window { minute, used: 0 };
        }
        let admitted = window.used < self.per_minute;
        window.used += u32::from(admitted);
        let rest = WINDOW_MS - now.milliseconds().rem_euclid(WINDOW_MS);
        Quota {
            admitted,
            limit: self.per_minute,
            left: self.per_minute - window.used,
            reset: u64::try_from(rest).unwrap_or_default().div_ceil(1000),
        }
    }
}

impl Quota {
    /// `RateLimit` (draft-ietf-httpapi-ratelimit-headers).
    pub(crate) fn header(self) -> Option<HeaderValue> {
        HeaderValue::try_from(format!("\"key\";r={};t={}", self.left, self.reset)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_holds_so_many_and_the_next_starts_anew() {
        let limiter = RateLimiter::new(2);
        let at = Timestamp::from_milliseconds;
        let key = KeyId::new_at(at(0));
        let quota = |ms| limiter.count(key, at(ms));
        assert_eq!(quota(119_000), Quota { admitted: true, limit: 2, left: 1, reset: 1 });
        assert_eq!(quota(119_001), Quota { admitted: true, limit: 2, left: 0, reset: 1 });
        assert_eq!(quota(119_500), Quota { admitted: false, limit: 2, left: 0, reset: 1 });
        assert_eq!(quota(120_000), Quota { admitted: true, limit: 2, left: 1, reset: 60 });
        assert!(limiter.count(KeyId::new_at(at(1)), at(119_500)).admitted);
    }
}
