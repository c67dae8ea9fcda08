//! What is kept of passages that were read lately, so that the next search need not read them.
//!
//! A search looks into some forty passages to show ten: for words that stand together, and for what says the same or
//! belongs together. Their words in order would take a third of an index, so they are kept of those alone that
//! searches came to. The key of a passage stands for one text for ever (one that changes gets a new key), so nothing here grows old;
//! what is shown is read from the database in any case.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cmes_retrieve::InOrder;
use cmes_store::Db;
use cmes_store::passages::{self, Text};

use crate::Error;

/// What an entry takes beside its words, about, in bytes.
const OVERHEAD: usize = 96;

/// What was read of a passage.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) words: InOrder,
    /// Size of the text.
    pub(super) tokens: i64,
    /// Equal where what stands above is equal.
    pub(super) context: u64,
    /// Equal where the text is equal.
    pub(super) text: u64,
}

impl Reading {
    fn memory(&self) -> usize {
        OVERHEAD + self.words.memory()
    }
}

/// By key of the passage.
pub(super) type ByKey = HashMap<i64, Arc<Reading>>;

/// Those of this process.
#[derive(Debug)]
pub(super) struct Readings {
    /// Most memory that they may take, in bytes.
    budget: usize,
    kept: Mutex<Kept>,
    /// With a key of this process, so that nobody can make texts that are taken for equal.
    hasher: RandomState,
}

/// In two generations: what is asked for moves to the young one, and when that has half of the budget, it becomes the
/// old one, and the one before is forgotten.
#[derive(Debug, Default)]
struct Kept {
    young: ByKey,
    /// Memory of the young ones.
    bytes: usize,
    old: ByKey,
}

impl Kept {
    fn find(&mut self, key: i64, half: usize) -> Option<Arc<Reading>> {
        if let Some(reading) = self.young.get(&key) {
            return Some(Arc::clone(reading));
        }
        let reading = self.old.remove(&key)?;
        self.keep(key, Arc::clone(&reading), half);
        Some(reading)
    }

    fn keep(&mut self, key: i64, reading: Arc<Reading>, half: usize) {
        let bytes = reading.memory();
        if self.bytes + bytes > half {
            self.old = std::mem::take(&mut self.young);
            self.bytes = 0;
        }
        if self.young.insert(key, reading).is_none() {
            self.bytes += bytes;
        }
    }
}

impl Readings {
    /// Readings that together take so many bytes at most, about.
    pub(super) fn new(budget: usize) -> Self {
        Self { budget, kept: Mutex::default(), hasher: RandomState::new() }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known of passages, with what has to be read of the others. What is gone is missing.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn of(&self, db: &Db, keys: &[i64]) -> Result<ByKey, Error> {
        let half = self.budget / 2;
        let mut found: ByKey = {
            let mut kept = self.kept();
            keys.iter().filter_map(|key| Some((*key, kept.find(*key, half)?))).collect()
        };
        let missing: Vec<i64> = keys.iter().copied().filter(|key| !found.contains_key(key)).collect();
        found.extend(self.read(&passages::texts(db, &missing).await?));
        Ok(found)
    }

    /// What there is to know of texts, which is kept.
    pub(super) fn read(&self, texts: &[Text]) -> ByKey {
        let reading = |text: &Text| Reading {
            words: InOrder::of(&text.context, &text.text),
            tokens: text.tokens,
            context: self.hasher.hash_one(&text.context),
            text: self.hasher.hash_one(&text.text),
        };
        let read: ByKey = texts.iter().map(|text| (text.key, Arc::new(reading(text)))).collect();
        let mut kept = self.kept();
        for (key, reading) in &read {
            kept.keep(*key, Arc::clone(reading), self.budget / 2);
        }
        read
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(key: i64, text: &str) -> Text {
        Text { key, tokens: 3, context: "above".to_owned(), text: text.to_owned() }
    }

    #[test]
    fn what_is_alike_is_told_from_what_is_not() {
        let readings = Readings::new(1 << 20);
        let read = readings.read(&[text(1, "a red pump"), text(2, "a red pump"), text(3, "a blue pump")]);
        assert_eq!(read[&1].text, read[&2].text);
        assert_ne!(read[&1].text, read[&3].text);
        assert_eq!(read[&1].context, read[&3].context);
        assert_eq!(read[&1].words, InOrder::of("above", "a red pump"));
    }

    #[test]
    fn what_is_asked_for_stays_and_the_rest_is_forgotten() {
        let budget = 4_000;
        let readings = Readings::new(budget);
        for key in 0..1_000 {
            readings.read(&[text(key, "a pump of steel")]);
            let mut kept = readings.kept();
            assert!(kept.find(0, budget / 2).is_some(), "{key}");
            let memory = kept.young.values().chain(kept.old.values()).map(|reading| reading.memory()).sum::<usize>();
            assert!(memory <= budget, "{memory}");
        }
        assert!(readings.kept().find(500, budget / 2).is_none());
    }

    #[test]
    fn without_a_budget_the_last_one_alone_is_kept() {
        let readings = Readings::new(0);
        let read = readings.read(&[text(1, "a"), text(2, "b"), text(3, "c")]);
        assert_eq!(read.len(), 3);
        let kept = readings.kept();
        assert_eq!(kept.young.len() + kept.old.len(), 2);
    }
}
