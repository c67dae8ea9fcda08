//! The vocabulary with trades taken away, by which it is measured how well a trade is found that no list has.

use std::collections::BTreeSet;
use std::sync::OnceLock;

static LEFT_OUT: OnceLock<BTreeSet<String>> = OnceLock::new();

/// Leaves trades out of the vocabulary of this process, by their ids in the catalogue and in `data`. Only the first call
/// counts, and only before anything was read or judged.
pub fn leave_out(trades: BTreeSet<String>) {
    LEFT_OUT.get_or_init(|| trades);
}

/// Whether a trade was left out.
#[must_use]
pub fn is_left_out(id: &str) -> bool {
    LEFT_OUT.get().is_some_and(|trades| trades.contains(id))
}
