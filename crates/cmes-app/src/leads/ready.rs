//! Companies whose first page promises something, until they are profiled: a profile costs ten times a first page.
//!
//! A first page is plain when it says that the company does what is asked for, and vague when it says nothing to
//! it. Of those with a vague one few turn out to do it, so that only the best of them are profiled, and more only
//! as long as some become leads.

use std::cmp::Ordering;

/// Companies with a vague first page that are profiled at least, and one for so many leads that are wanted.
const VAGUE: usize = 5;
const LEADS_FOR_A_VAGUE_ONE: usize = 2;
/// So many more for each of them that becomes a lead.
const VAGUE_FOR_A_LEAD: usize = 3;

/// What a first page promises; `T` is what has been read.
#[derive(Clone, Debug)]
pub(super) struct Promise<T> {
    pub(super) opened: T,
    /// How well the company fits by this page.
    pub(super) fit: f64,
    /// Whether the page says that it does what is asked for.
    pub(super) is_plain: bool,
    /// What providers say for it.
    pub(super) score: f64,
    /// How near its texts are to what is asked, where the words are in no vocabulary.
    pub(super) likeness: Option<f32>,
}

impl<T> Promise<T> {
    fn order(&self, other: &Self) -> Ordering {
        let plain = self.is_plain.cmp(&other.is_plain);
        plain.then(self.fit.total_cmp(&other.fit)).then(self.score.total_cmp(&other.score))
    }
}

#[derive(Debug)]
pub(super) struct Ready<T> {
    waiting: Vec<Promise<T>>,
    /// Companies with a vague first page that may still be profiled.
    vague_left: usize,
}

impl<T> Ready<T> {
    /// For a search that wants so many leads.
    pub(super) fn for_leads(wanted: usize) -> Self {
        Self { waiting: Vec::new(), vague_left: VAGUE.max(wanted / LEADS_FOR_A_VAGUE_ONE) }
    }

    /// Keeps a company, and of those with a vague first page no more than may still be profiled: pages take memory.
    pub(super) fn keep(&mut self, promise: Promise<T>) {
        self.waiting.push(promise);
        let vague = || self.waiting.iter().enumerate().filter(|(_, promise)| !promise.is_plain);
        if vague().count() > self.vague_left
            && let Some((worst, _)) = vague().min_by(|(_, a), (_, b)| a.order(b))
        {
            self.waiting.swap_remove(worst);
        }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// How many of them have a plain first page.
    pub(super) fn plain(&self) -> usize {
        self.waiting.iter().filter(|promise| promise.is_plain).count()
    }

    /// Takes the best one, to be profiled.
    pub(super) fn best(&mut self) -> Option<Promise<T>> {
        let best = self.waiting.iter().enumerate().max_by(|(_, a), (_, b)| a.order(b))?.0;
        let best = self.waiting.swap_remove(best);
        self.vague_left -= usize::from(!best.is_plain && self.vague_left > 0);
        Some(best)
    }

    /// A company with a vague first page has become a lead: others may, too.
    pub(super) fn vague_one_is_lead(&mut self) {
        self.vague_left += VAGUE_FOR_A_LEAD;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn promise(opened: usize, fit: f64, is_plain: bool) -> Promise<usize> {
        Promise { opened, fit, is_plain, score: 1.0, likeness: None }
    }

    #[test]
    fn what_is_plain_comes_first_and_the_best_of_what_is_vague_after_it() {
        let mut ready = Ready::for_leads(2);
        for number in 0_u8..20 {
            ready.keep(promise(usize::from(number), f64::from(number) / 20.0, number == 3 || number == 7));
        }
        assert_eq!((ready.len(), ready.plain()), (2 + VAGUE, 2));
        let order: Vec<usize> = std::iter::from_fn(|| ready.best()).map(|promise| promise.opened).collect();
        assert_eq!(order, [7, 3, 19, 18, 17, 16, 15]);
    }

    #[test]
    fn vague_ones_are_profiled_on_only_as_long_as_some_become_leads() {
        // How many of a hundred are profiled when each of so many becomes a lead.
        let check = |wanted: usize, is_lead: fn(usize) -> bool, expected: usize| {
            let (mut ready, mut profiled) = (Ready::for_leads(wanted), 0);
            for number in 0..100 {
                ready.keep(promise(number, 0.3, false));
                if let Some(best) = ready.best() {
                    profiled += 1;
                    if is_lead(best.opened) {
                        ready.vague_one_is_lead();
                    }
                }
            }
            assert_eq!(profiled, expected, "{wanted}");
        };
        check(1, |_| false, VAGUE);
        check(100, |_| false, 50);
        check(10, |_| true, 100);
        check(10, |number| number == 0, VAGUE + VAGUE_FOR_A_LEAD);
    }
}
