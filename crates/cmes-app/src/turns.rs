//! Turns of synchronous calls: so many run at once, and of one account only
//! some of them, so that nobody has to wait behind another account's many.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use cmes_types::AccountId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The turns of one process.
#[derive(Debug)]
pub struct Turns {
    all: Arc<Semaphore>,
    per_account: usize,
    /// The lines of accounts with calls that run or wait.
    accounts: Mutex<HashMap<AccountId, Weak<Semaphore>>>,
    patience: Duration,
}

/// The right to run a call, until it is dropped.
#[derive(Debug)]
pub struct Turn {
    _of_account: OwnedSemaphorePermit,
    _of_all: OwnedSemaphorePermit,
}

/// More lines than this are looked through for those that nobody stands in.
const MANY: usize = 1_000;

impl Turns {
    /// So many at once, of one account so many of them, each waited for so long.
    #[must_use]
    pub fn new(all: usize, per_account: usize, patience: Duration) -> Self {
        Self { all: Arc::new(Semaphore::new(all)), per_account, accounts: Mutex::default(), patience }
    }

    /// Waits for a turn: first within the account, then among all. `None` when
    /// it does not come in time.
    pub async fn take(&self, account: AccountId) -> Option<Turn> {
        let line = self.line(account);
        let turn = async {
            let of_account = line.acquire_owned().await.ok()?;
            let of_all = Arc::clone(&self.all).acquire_owned().await.ok()?;
            Some(Turn { _of_account: of_account, _of_all: of_all })
        };
        tokio::time::timeout(self.patience, turn).await.ok().flatten()
    }

    fn line(&self, account: AccountId) -> Arc<Semaphore> {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(line) = accounts.get(&account).and_then(Weak::upgrade) {
            return line;
        }
        if accounts.len() >= MANY {
            accounts.retain(|_, line| line.strong_count() > 0);
        }
        let line = Arc::new(Semaphore::new(self.per_account));
        accounts.insert(account, Arc::downgrade(&line));
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(number: i64) -> AccountId {
        AccountId::new_at(cmes_types::Timestamp::from_milliseconds(number))
    }

    #[tokio::test]
    async fn an_account_cannot_take_all_turns() {
        let turns = Turns::new(3, 2, Duration::ZERO);
        let (a, b, c) = (account(1), account(2), account(3));
        let first = turns.take(a).await.expect("a turn");
        let _second = turns.take(a).await.expect("a turn");
        assert!(turns.take(a).await.is_none(), "its own line is full");
        let _third = turns.take(b).await.expect("another account's turn");
        assert!(turns.take(c).await.is_none(), "all are taken");
        drop(first);
        assert!(turns.take(c).await.is_some());
        assert!(turns.take(a).await.is_some());
    }

    #[tokio::test]
    async fn lines_that_nobody_stands_in_are_forgotten() {
        let turns = Turns::new(1, 1, Duration::ZERO);
        for number in 0..3_000 {
            assert!(turns.take(account(number)).await.is_some());
        }
        assert!(turns.accounts.lock().expect("no panic").len() <= MANY + 1);
    }
}
