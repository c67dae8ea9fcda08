//! Moments in UTC, to the millisecond.

use std::fmt;

use time::format_description::well_known::{Iso8601, Rfc3339};
use time::{Date, OffsetDateTime, PrimitiveDateTime, Time};

/// Milliseconds since 1970-01-01T00:00:00Z. Kept as a whole number in the
/// database too: it compares and sorts alike on every engine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// Text that is no moment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is no date: write ISO 8601, such as 2026-11-30 or 2026-11-30T17:04:56Z")]
pub struct ParseTimestampError(String);

/// Which end of a day a date without time stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayEnd {
    /// The first moment of the day.
    Start,
    /// The last moment of the day.
    End,
}

impl Timestamp {
    /// From milliseconds since the epoch.
    #[must_use]
    pub const fn from_milliseconds(milliseconds: i64) -> Self {
        Self(milliseconds)
    }

    /// Milliseconds since the epoch.
    #[must_use]
    pub const fn milliseconds(self) -> i64 {
        self.0
    }

    /// This moment and so much more.
    #[must_use]
    pub fn plus(self, duration: std::time::Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)))
    }

    /// So much before this moment.
    #[must_use]
    pub fn minus(self, duration: std::time::Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)))
    }

    /// The first moment of its day in UTC.
    #[must_use]
    pub fn day_start(self) -> Self {
        Self(self.0 - self.0.rem_euclid(86_400_000))
    }

    /// The first moment of its month in UTC.
    #[must_use]
    pub fn month_start(self) -> Self {
        let day = self.day_start();
        let since_first = day.date_time().map_or(0, |moment| i64::from(moment.day()) - 1);
        Self(day.0 - since_first * 86_400_000)
    }

    /// As the records of `info/statistics` show it: UTC without a zone, such as `2024-11-05T00:00:00`.
    #[must_use]
    pub fn without_zone(self) -> String {
        self.to_string().trim_end_matches('Z').to_owned()
    }

    fn date_time(self) -> Option<OffsetDateTime> {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000_000).ok()
    }

    /// Reads ISO 8601; without zone it is UTC, a date alone is one end of that day.
    ///
    /// # Errors
    /// When the text is no date.
    pub fn parse(text: &str, day_end: DayEnd) -> Result<Self, ParseTimestampError> {
        let trimmed = text.trim();
        let moment = OffsetDateTime::parse(trimmed, &Rfc3339)
            .or_else(|_| OffsetDateTime::parse(trimmed, &Iso8601::DEFAULT))
            .or_else(|_| PrimitiveDateTime::parse(trimmed, &Iso8601::DEFAULT).map(PrimitiveDateTime::assume_utc))
            .or_else(|_| Date::parse(trimmed, &Iso8601::DEFAULT).map(|date| whole_day(date, day_end)))
            .map_err(|_| ParseTimestampError(text.to_owned()))?;
        i64::try_from(moment.unix_timestamp_nanos() / 1_000_000)
            .map(Self)
            .map_err(|_| ParseTimestampError(text.to_owned()))
    }
}

fn whole_day(date: Date, day_end: DayEnd) -> OffsetDateTime {
    match day_end {
        DayEnd::Start => date.midnight().assume_utc(),
        DayEnd::End => date.with_time(Time::from_hms_milli(23, 59, 59, 999).unwrap_or(Time::MIDNIGHT)).assume_utc(),
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC, such as `2026-11-30T17:04:56.094Z`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.date_time().and_then(|moment| moment.format(&Rfc3339).ok()).ok_or(fmt::Error)?;
        f.write_str(&text)
    }
}

/// Where the time comes from: an argument, so that tests own it.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let nanoseconds = OffsetDateTime::now_utc().unix_timestamp_nanos();
        Timestamp(i64::try_from(nanoseconds / 1_000_000).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, day_end: DayEnd, expected: &str) {
        assert_eq!(Timestamp::parse(text, day_end).expect("a date").to_string(), expected);
    }

    #[test]
    fn days_and_months_begin_at_midnight_utc() {
        let moment = Timestamp::parse("2024-02-29T17:04:56.094Z", DayEnd::Start).expect("a date");
        assert_eq!(moment.day_start().to_string(), "2024-02-29T00:00:00Z");
        assert_eq!(moment.month_start().without_zone(), "2024-02-01T00:00:00");
        let before_the_epoch = Timestamp::from_milliseconds(-1);
        assert_eq!(before_the_epoch.day_start().to_string(), "1969-12-31T00:00:00Z");
        assert_eq!(before_the_epoch.month_start().to_string(), "1969-12-01T00:00:00Z");
    }

    #[test]
    fn dates_are_read_as_the_api_promises() {
        check("2024-11-01T17:04:56.094Z", DayEnd::Start, "2024-11-01T17:04:56.094Z");
        check("2024-11-01T17:04:56+02:00", DayEnd::Start, "2024-11-01T15:04:56Z");
        check("2024-11-01T17:04:56", DayEnd::End, "2024-11-01T17:04:56Z");
        check("2024-11-01", DayEnd::Start, "2024-11-01T00:00:00Z");
        check("2024-11-01", DayEnd::End, "2024-11-01T23:59:59.999Z");
        for text in ["", "yesterday", "2024-13-01", "01.11.2024"] {
            assert!(Timestamp::parse(text, DayEnd::Start).is_err(), "{text}");
        }
    }
}
