//! Leaving a service alone: for a while after failures in a row, and for the
//! rest of the day when its budget is used up.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use cmes_types::Timestamp;
use tokio::time::Instant;

/// Lets a service rest after failures in a row; then a single call finds out whether it is well again.
#[derive(Debug)]
pub struct Breaker {
    failures: u32,
    rest: Duration,
    health: Mutex<Health>,
}

#[derive(Debug, Default)]
struct Health {
    failures: u32,
    resting_until: Option<Instant>,
}

impl Breaker {
    /// Rests for so long after so many failures in a row.
    #[must_use]
    pub fn new(failures: u32, rest: Duration) -> Breaker {
        Breaker { failures, rest, health: Mutex::default() }
    }

    /// Lets a call pass. The first one after a rest finds out; until it is known
    /// how that one went, the others go on waiting.
    ///
    /// # Errors
    /// How long the service still rests.
    pub fn admit(&self) -> Result<(), Duration> {
        let mut health = self.health();
        let Some(until) = health.resting_until else { return Ok(()) };
        let now = Instant::now();
        if now < until {
            return Err(until - now);
        }
        health.resting_until = Some(now + self.rest);
        Ok(())
    }

    /// How long the service still rests.
    #[must_use]
    pub fn rest(&self) -> Option<Duration> {
        let left = |until: Instant| until.saturating_duration_since(Instant::now());
        self.health().resting_until.map(left).filter(|rest| !rest.is_zero())
    }

    /// Takes note of a call that went well.
    pub fn succeeded(&self) {
        *self.health() = Health::default();
    }

    /// Takes note of a failure; gives how many there were in a row if the service rests from now on.
    pub fn failed(&self) -> Option<u32> {
        let mut health = self.health();
        health.failures = health.failures.saturating_add(1);
        if health.failures < self.failures {
            return None;
        }
        health.resting_until = Some(Instant::now() + self.rest);
        Some(health.failures)
    }

    /// Lets the service rest for so long, whatever came before.
    pub fn rest_for(&self, pause: Duration) {
        self.health().resting_until = Some(Instant::now() + pause);
    }

    fn health(&self) -> std::sync::MutexGuard<'_, Health> {
        self.health.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const DAY_MS: u64 = 86_400_000;

/// How much of a service may be used between two midnights (UTC) by this process.
#[derive(Debug)]
pub struct DailyBudget {
    most: Option<u64>,
    spent: Mutex<Spent>,
}

#[derive(Debug, Default)]
struct Spent {
    day: Timestamp,
    amount: u64,
}

impl DailyBudget {
    /// So much, or as much as one likes.
    #[must_use]
    pub fn new(most: Option<u64>) -> DailyBudget {
        DailyBudget { most, spent: Mutex::default() }
    }

    /// Takes so much, or nothing when there is less.
    ///
    /// # Errors
    /// How long it is until midnight.
    pub fn take(&self, amount: u64, now: Timestamp) -> Result<(), Duration> {
        let mut spent = self.spent();
        if spent.day != now.day_start() {
            *spent = Spent { day: now.day_start(), amount: 0 };
        }
        let after = spent.amount.saturating_add(amount);
        if self.most.is_some_and(|most| after > most) {
            let since_midnight = now.milliseconds() - spent.day.milliseconds();
            let left = DAY_MS.saturating_sub(u64::try_from(since_midnight).unwrap_or(0));
            return Err(Duration::from_millis(left));
        }
        spent.amount = after;
        Ok(())
    }

    /// Puts what was used in the place of what was expected.
    pub fn correct(&self, expected: u64, used: u64) {
        let mut spent = self.spent();
        spent.amount = spent.amount.saturating_sub(expected).saturating_add(used);
    }

    fn spent(&self) -> std::sync::MutexGuard<'_, Spent> {
        self.spent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REST: Duration = Duration::from_secs(30);

    #[tokio::test(start_paused = true)]
    async fn a_service_that_fails_rests_and_one_call_finds_out() {
        let breaker = Breaker::new(2, REST);
        assert_eq!((breaker.failed(), breaker.admit()), (None, Ok(())));
        assert_eq!((breaker.failed(), breaker.admit()), (Some(2), Err(REST)));
        tokio::time::advance(REST).await;
        assert_eq!((breaker.rest(), breaker.admit()), (None, Ok(())));
        assert_eq!(breaker.admit(), Err(REST));
        breaker.succeeded();
        assert_eq!((breaker.admit(), breaker.failed()), (Ok(()), None));
    }

    #[tokio::test(start_paused = true)]
    async fn a_service_rests_for_as_long_as_it_asks() {
        let breaker = Breaker::new(2, REST);
        breaker.rest_for(3 * REST);
        tokio::time::advance(REST).await;
        assert_eq!((breaker.rest(), breaker.admit()), (Some(2 * REST), Err(2 * REST)));
    }

    #[test]
    fn a_day_has_its_budget_until_midnight() {
        let hour = Duration::from_secs(3_600);
        let midnight = Timestamp::from_milliseconds(20_000 * 86_400_000);
        let budget = DailyBudget::new(Some(10));
        assert_eq!(budget.take(8, midnight.plus(hour)), Ok(()));
        assert_eq!(budget.take(3, midnight.plus(hour)), Err(23 * hour));
        budget.correct(8, 7);
        assert_eq!(budget.take(3, midnight.plus(2 * hour)), Ok(()));
        assert_eq!(budget.take(1, midnight.plus(12 * hour)), Err(12 * hour));
        assert_eq!(budget.take(10, midnight.plus(24 * hour)), Ok(()));
        assert_eq!(DailyBudget::new(None).take(u64::MAX, midnight), Ok(()));
    }
}
