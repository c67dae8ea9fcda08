//! The order of answers: one at a time in a channel, as the messages arrived.
//!
//! The order stands in the database ([`cmes_store::answering`]). A task for the
//! workers is not even ready before it is the first of its channel. Here
//! synchronous calls wait, whose process has them from the start: woken at once
//! when this process ends the one before, and by a look at the database when
//! another process did.

use std::time::Duration;

use cmes_store::Db;
use cmes_store::answering::{self, Standing};
use cmes_store::channels::ChannelKey;
use tokio::sync::Notify;

use crate::Error;

/// Longest wait for the answers to earlier messages.
const PATIENCE: Duration = Duration::from_secs(120);
/// How often it is looked whether another process has ended the one before.
const LOOK: Duration = Duration::from_millis(200);
/// Channels share bells: one that rings for another channel costs a look.
const BELLS: usize = 64;

/// The bells of one process that ring when an answer has ended.
#[derive(Debug)]
pub struct Order {
    bells: [Notify; BELLS],
}

impl Default for Order {
    fn default() -> Self {
        Self { bells: std::array::from_fn(|_| Notify::new()) }
    }
}

impl Order {
    fn bell(&self, channel: ChannelKey) -> Option<&Notify> {
        self.bells.get(usize::try_from(channel.0.rem_euclid(BELLS as i64)).unwrap_or_default())
    }

    /// Tells those that wait that an answer of this channel has ended.
    pub fn ring(&self, channel: ChannelKey) {
        if let Some(bell) = self.bell(channel) {
            bell.notify_waiters();
        }
    }

    /// Waits until a task is the first of its channel.
    ///
    /// # Errors
    /// [`Error::Overloaded`] when that takes too long.
    pub async fn wait(&self, db: &Db, standing: Standing) -> Result<(), Error> {
        let first = async {
            loop {
                let Some(bell) = self.bell(standing.channel) else { return Ok(()) };
                let rung = bell.notified();
                tokio::pin!(rung);
                // From here on no ring is missed.
                rung.as_mut().enable();
                if answering::is_first(db, standing).await? {
                    return Ok(());
                }
                tokio::select! {
                    () = rung => {}
                    () = tokio::time::sleep(LOOK) => {}
                }
            }
        };
        tokio::time::timeout(PATIENCE, first).await.unwrap_or(Err(Error::Overloaded))
    }
}
