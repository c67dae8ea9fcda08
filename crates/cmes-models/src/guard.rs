//! What stands between the callers of a provider and the provider: turns, a
//! daily budget, a rest after failures, and patience with those that pass.

use std::sync::Arc;
use std::time::Duration;

use cmes_fetch::{Breaker, DailyBudget};
use cmes_types::Clock;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::error::{ModelError, ModelErrorKind, Retry};

/// Failures in a row after which a provider rests.
const FAILURES: u32 = 5;
/// How long it rests; then a single call finds out whether it is well again.
const REST: Duration = Duration::from_secs(30);
/// How often one question is sent when failures pass by themselves.
const ATTEMPTS: u32 = 3;

/// How much may be asked of a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Longest time for one answer; the deadline of a call may be earlier.
    pub timeout: Duration,
    /// Calls at once; more wait for their turn.
    pub max_parallel: usize,
    /// Most calls between two midnights (UTC).
    pub daily_requests: Option<u64>,
    /// Most tokens, read and written, between two midnights (UTC).
    pub daily_tokens: Option<u64>,
    /// First pause between two attempts; the next is twice as long.
    pub first_pause: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            timeout: Duration::from_secs(60),
            max_parallel: 4,
            daily_requests: None,
            daily_tokens: None,
            first_pause: Duration::from_millis(500),
        }
    }
}

/// The gate of one provider.
pub(crate) struct Guard {
    model: String,
    limits: Limits,
    turns: Arc<Semaphore>,
    breaker: Breaker,
    requests: DailyBudget,
    tokens: DailyBudget,
    clock: Arc<dyn Clock>,
}

impl Guard {
    pub(crate) fn new(model: &str, limits: Limits, clock: Arc<dyn Clock>) -> Guard {
        Guard {
            model: model.to_owned(),
            turns: Arc::new(Semaphore::new(limits.max_parallel.clamp(1, Semaphore::MAX_PERMITS))),
            breaker: Breaker::new(FAILURES, REST),
            requests: DailyBudget::new(limits.daily_requests),
            tokens: DailyBudget::new(limits.daily_tokens),
            limits,
            clock,
        }
    }

    /// Waits for a turn, which lasts until it is dropped.
    pub(crate) async fn turn(&self, deadline: Instant) -> Result<OwnedSemaphorePermit, ModelError> {
        match timeout_at(deadline, Arc::clone(&self.turns).acquire_owned()).await {
            Ok(Ok(turn)) => Ok(turn),
            Ok(Err(_)) => Err(self.error(ModelErrorKind::Cancelled)),
            Err(_) => Err(self.error(ModelErrorKind::Timeout)),
        }
    }

    /// Lets one call pass that will take about so many tokens, and gives the moment when it has to be over.
    pub(crate) fn admit(&self, tokens: u64, deadline: Instant) -> Result<Instant, ModelError> {
        self.breaker.admit().map_err(|pause| self.error(ModelErrorKind::Resting { pause }))?;
        self.spend(tokens).map_err(|pause| self.error(ModelErrorKind::BudgetUsedUp { pause }))?;
        Ok(deadline.min(Instant::now() + self.limits.timeout))
    }

    /// Waits for an answer until that moment, and takes note of how it went.
    pub(crate) async fn within<T>(
        &self,
        limit: Instant,
        answer: impl Future<Output = Result<T, ModelError>>,
    ) -> Result<T, ModelError> {
        let begun = Instant::now();
        let outcome = match timeout_at(limit, answer).await {
            Ok(outcome) => outcome,
            Err(_) => Err(self.error(ModelErrorKind::Timeout)),
        };
        match &outcome {
            Ok(_) => self.note(None),
            Err(error) => self.note(Some((error.kind(), begun.elapsed()))),
        }
        outcome
    }

    /// Puts the tokens that a call took in the place of those that were expected.
    pub(crate) fn correct(&self, expected: u64, taken: u64) {
        self.tokens.correct(expected, taken);
    }

    /// How long the provider still rests.
    pub(crate) fn rest(&self) -> Option<Duration> {
        self.breaker.rest()
    }

    pub(crate) fn patience(&self, deadline: Instant) -> Patience {
        Patience { deadline, attempts: 1, pause: self.limits.first_pause }
    }

    pub(crate) fn error(&self, kind: ModelErrorKind) -> ModelError {
        ModelError::new(kind, &self.model)
    }

    fn note(&self, failure: Option<(&ModelErrorKind, Duration)>) {
        let is_failure = match failure {
            Some((ModelErrorKind::Unavailable | ModelErrorKind::CutStream | ModelErrorKind::Nonsense, _)) => true,
            // A caller in a hurry says nothing about the provider.
            Some((ModelErrorKind::Timeout, took)) if took < self.limits.timeout => return,
            Some((ModelErrorKind::Timeout, _)) => true,
            _ => false,
        };
        if !is_failure {
            self.breaker.succeeded();
        } else if let Some(failures) = self.breaker.failed() {
            tracing::warn!(model = self.model, failures, "the model fails and is left alone for a while");
        }
    }

    /// A call that one of the budgets refuses takes nothing from the other.
    fn spend(&self, tokens: u64) -> Result<(), Duration> {
        let now = self.clock.now();
        self.tokens.take(tokens, now)?;
        self.requests.take(1, now).inspect_err(|_| self.tokens.correct(tokens, 0))
    }
}

/// Decides whether a question is sent once more.
pub(crate) struct Patience {
    deadline: Instant,
    attempts: u32,
    pause: Duration,
}

impl Patience {
    /// Pauses before the next attempt, or gives the error back when there is none.
    pub(crate) async fn after(&mut self, error: ModelError) -> Result<(), ModelError> {
        let pause = match error.retry() {
            Retry::Never => return Err(error),
            Retry::After(pause) => pause,
            Retry::Soon => jittered(self.pause),
        };
        let next = Instant::now() + pause;
        if self.attempts >= ATTEMPTS || next >= self.deadline || !passes_by_itself(error.kind()) {
            return Err(error);
        }
        tracing::debug!(error = %error, pause_ms = pause.as_millis(), "the model is asked again");
        self.attempts += 1;
        self.pause *= 2;
        sleep_until(next).await;
        Ok(())
    }
}

/// A timeout has used the time up, a wrong shape is not asked for again in the
/// same words, and who rests or has spent the budget must not wait in line.
fn passes_by_itself(kind: &ModelErrorKind) -> bool {
    matches!(
        kind,
        ModelErrorKind::Unavailable
            | ModelErrorKind::RateLimited { .. }
            | ModelErrorKind::CutStream
            | ModelErrorKind::Nonsense
    )
}

/// Between half of the pause and all of it, so that callers who failed together do not come back together.
fn jittered(pause: Duration) -> Duration {
    let random = getrandom::u32().unwrap_or(u32::MAX);
    pause.mul_f64(0.5 + f64::from(random) / f64::from(u32::MAX) / 2.0)
}

#[cfg(test)]
mod tests {
    use cmes_types::Timestamp;

    use super::*;

    struct Noon;
    impl Clock for Noon {
        fn now(&self) -> Timestamp {
            Timestamp::from_milliseconds(20_000 * 86_400_000 + 43_200_000)
        }
    }

    fn guard(limits: Limits) -> Guard {
        Guard::new("test", limits, Arc::new(Noon))
    }

    fn soon() -> Instant {
        Instant::now() + Duration::from_secs(600)
    }

    async fn call(guard: &Guard, outcome: Result<(), ModelErrorKind>) -> Result<(), ModelErrorKind> {
        let limit = guard.admit(0, soon()).map_err(|error| error.kind().clone())?;
        let answer = async { outcome.map_err(|kind| guard.error(kind)) };
        guard.within(limit, answer).await.map_err(|error| error.kind().clone())
    }

    #[tokio::test(start_paused = true)]
    async fn a_provider_that_fails_is_left_alone_and_tried_by_one_call() {
        let guard = guard(Limits::default());
        let down = || Err(ModelErrorKind::Unavailable);
        for _ in 0..FAILURES {
            assert_eq!(call(&guard, down()).await, down());
        }
        assert_eq!(call(&guard, Ok(())).await, Err(ModelErrorKind::Resting { pause: REST }));
        assert_eq!(guard.rest(), Some(REST));
        tokio::time::advance(REST).await;
        assert!(guard.rest().is_none());
        // One finds out; until it knows, the others still wait.
        let limit = guard.admit(0, soon()).expect("the one that finds out");
        assert!(matches!(call(&guard, Ok(())).await, Err(ModelErrorKind::Resting { .. })));
        guard.within(limit, async { Ok(()) }).await.expect("well again");
        assert_eq!(call(&guard, Ok(())).await, Ok(()));
    }

    #[tokio::test(start_paused = true)]
    async fn refusals_and_callers_in_a_hurry_are_no_failures() {
        let guard = guard(Limits::default());
        for _ in 0..3 * FAILURES {
            assert!(call(&guard, Err(ModelErrorKind::Refused)).await.is_err());
            let limit = guard.admit(0, Instant::now() + Duration::from_secs(1)).expect("healthy");
            let error = guard.within(limit, std::future::pending::<Result<(), _>>()).await.expect_err("no answer");
            assert_eq!(error.kind(), &ModelErrorKind::Timeout);
        }
        assert_eq!(call(&guard, Ok(())).await, Ok(()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_hanging_provider_is_a_failing_one() {
        let guard = guard(Limits::default());
        for _ in 0..FAILURES {
            let limit = guard.admit(0, soon()).expect("healthy");
            assert_eq!(limit - Instant::now(), Limits::default().timeout);
            guard.within(limit, std::future::pending::<Result<(), _>>()).await.expect_err("no answer");
        }
        assert!(guard.rest().is_some());
    }

    #[tokio::test]
    async fn a_day_has_its_budget_until_midnight() {
        let guard = guard(Limits { daily_requests: Some(3), daily_tokens: Some(1_000), ..Limits::default() });
        let used_up = ModelErrorKind::BudgetUsedUp { pause: Duration::from_secs(12 * 3600) };
        let admit = |tokens| guard.admit(tokens, soon()).map(|_| ()).map_err(|error| error.kind().clone());
        assert_eq!(admit(900), Ok(()));
        assert_eq!(admit(101), Err(used_up.clone()));
        guard.correct(900, 100);
        assert_eq!(admit(101), Ok(()));
        assert_eq!(admit(0), Ok(()));
        assert_eq!(admit(0), Err(used_up));
    }

    #[tokio::test(start_paused = true)]
    async fn patience_ends_with_attempts_time_or_hope() {
        let guard = guard(Limits::default());
        let error = |kind| guard.error(kind);
        let begun = Instant::now();
        let mut patience = guard.patience(soon());
        assert!(patience.after(error(ModelErrorKind::Unavailable)).await.is_ok());
        assert!(patience.after(error(ModelErrorKind::Unavailable)).await.is_ok());
        assert!(patience.after(error(ModelErrorKind::Unavailable)).await.is_err());
        let waited = begun.elapsed();
        assert!((750..=1_510).contains(&waited.as_millis()), "{waited:?}");

        let limited = |seconds| ModelErrorKind::RateLimited { retry_after: Some(Duration::from_secs(seconds)) };
        let begun = Instant::now();
        let mut patience = guard.patience(begun + Duration::from_secs(60));
        assert!(patience.after(error(limited(61))).await.is_err());
        assert!(patience.after(error(limited(20))).await.is_ok());
        assert_eq!(begun.elapsed().as_secs(), 20);
        for kind in [ModelErrorKind::Refused, ModelErrorKind::Timeout, ModelErrorKind::SchemaViolated] {
            assert!(guard.patience(soon()).after(error(kind)).await.is_err());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn more_calls_than_turns_wait() {
        let guard = guard(Limits { max_parallel: 1, ..Limits::default() });
        let turn = guard.turn(soon()).await.expect("free");
        let error = guard.turn(Instant::now() + Duration::from_secs(1)).await.expect_err("taken");
        assert_eq!(error.kind(), &ModelErrorKind::Timeout);
        drop(turn);
        assert!(guard.turn(soon()).await.is_ok());
    }
}
