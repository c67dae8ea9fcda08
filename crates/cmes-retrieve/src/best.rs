//! The best few of many, without sorting all.

/// Collects what scores highest, in memory that follows `top` and not what is offered.
#[derive(Debug)]
pub(crate) struct Best<'a, T> {
    top: usize,
    /// By slot, the key that decides between equal scores: the smaller comes first.
    keys: &'a [i64],
    floor: f32,
    found: Vec<Scored<T>>,
}

/// A slot with its score and what belongs to it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scored<T> {
    pub(crate) slot: u32,
    pub(crate) score: f32,
    pub(crate) with: T,
}

impl<'a, T: Copy> Best<'a, T> {
    pub(crate) fn new(top: usize, keys: &'a [i64]) -> Self {
        Self { top, keys, floor: f32::NEG_INFINITY, found: Vec::new() }
    }

    /// What scores less than this is not among the best.
    pub(crate) fn floor(&self) -> f32 {
        self.floor
    }

    /// Takes note of a slot; that of the call before may come again, and then counts once, with its better score.
    pub(crate) fn offer(&mut self, slot: u32, score: f32, with: T) {
        if score < self.floor || score.is_nan() {
            return;
        }
        if let Some(last) = self.found.last_mut().filter(|last| last.slot == slot) {
            last.score = last.score.max(score);
            return;
        }
        if self.found.len() >= 2 * self.top + 64 {
            self.shrink();
        }
        self.found.push(Scored { slot, score, with });
    }

    fn shrink(&mut self) {
        let keys = self.keys;
        if self.top == 0 {
            self.found.clear();
            self.floor = f32::INFINITY;
        } else if self.found.len() > self.top {
            let (_, last, _) = self.found.select_nth_unstable_by(self.top - 1, |a, b| order(keys, a, b));
            self.floor = last.score;
            self.found.truncate(self.top);
        }
    }

    /// Best first.
    pub(crate) fn into_sorted(mut self) -> Vec<Scored<T>> {
        self.shrink();
        self.found.sort_unstable_by(|a, b| order(self.keys, a, b));
        self.found
    }
}

/// Higher scores first, then smaller keys: the same whatever happened to the index before.
fn order<T>(keys: &[i64], a: &Scored<T>, b: &Scored<T>) -> std::cmp::Ordering {
    let key = |found: &Scored<T>| (keys.get(found.slot as usize), found.slot);
    b.score.total_cmp(&a.score).then_with(|| key(a).cmp(&key(b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_come_first_and_equals_by_their_key() {
        let keys: Vec<i64> = (0..1000).rev().collect();
        let mut best = Best::new(3, &keys);
        for slot in 0..1000u32 {
            best.offer(slot, if slot % 100 == 7 { 2.0 } else { 1.0 }, ());
        }
        best.offer(5, f32::NAN, ());
        let slots: Vec<u32> = best.into_sorted().iter().map(|found| found.slot).collect();
        assert_eq!(slots, [907, 807, 707]);
    }

    #[test]
    fn a_slot_that_comes_twice_in_a_row_counts_once() {
        let mut best = Best::new(3, &[1, 2]);
        best.offer(0, 0.5, ());
        best.offer(0, 0.7, ());
        best.offer(1, 0.6, ());
        best.offer(1, 0.2, ());
        let found: Vec<(u32, f32)> = best.into_sorted().iter().map(|found| (found.slot, found.score)).collect();
        assert_eq!(found, [(0, 0.7), (1, 0.6)]);
    }

    #[test]
    fn none_are_kept_when_none_are_wanted() {
        let mut best = Best::new(0, &[]);
        (0..500).for_each(|slot| best.offer(slot, 1.0, ()));
        assert!(best.into_sorted().is_empty());
    }
}
