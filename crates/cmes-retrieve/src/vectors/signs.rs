//! Which of many vectors may be near, by one bit of each value.
//!
//! A bit says whether the value is above the mean of that value in all vectors: embeddings of texts lie close
//! together, and it is what is left after the mean that tells them apart. A question's values are rounded to four
//! bits, and their sum with the signs of a vector orders the vectors about as the exact product does, so that few need
//! to be compared exactly. Nothing is trained, and a new vector is found at once.

use super::kernels::{Lanes, Line, distances};
use crate::index::grow;

/// Groups of rows whose distances are made at once.
const GROUPS: usize = 128;

/// The bits of all rows.
#[derive(Debug)]
pub(super) struct Signs {
    /// The mean of each value.
    centre: Vec<f32>,
    /// Number of rows.
    rows: usize,
    /// Rows by eight: the first 64 bits of each, then the next 64, and so on.
    groups: Vec<Lanes>,
}

impl Signs {
    /// Around the mean of some of the vectors, each given as its scale and values.
    pub(super) fn around<'a>(dimension: usize, some: impl Iterator<Item = (f32, &'a [Line])>) -> Self {
        let mut centre = vec![0.0; dimension];
        let mut count = 0.0;
        for (scale, row) in some {
            let values = row.iter().flat_map(|line| line.0);
            centre.iter_mut().zip(values).for_each(|(sum, value)| *sum += scale * f32::from(value));
            count += 1.0;
        }
        centre.iter_mut().for_each(|sum| *sum /= f32::max(count, 1.0));
        Self { centre, rows: 0, groups: Vec::new() }
    }

    /// Appends a row.
    pub(super) fn push(&mut self, scale: f32, row: &[Line]) {
        let words = self.words();
        let lane = self.rows % 8;
        if lane == 0 {
            for _ in 0..words {
                grow(&mut self.groups);
                self.groups.push(Lanes([0; 8]));
            }
        }
        let group = self.groups.len() - words;
        let values = row.iter().map(|line| line.0.map(|value| scale * f32::from(value)));
        for ((values, centre), lanes) in values.zip(self.centre.chunks(64)).zip(self.groups.iter_mut().skip(group)) {
            lanes.0[lane] = bits(&values, centre);
        }
        self.rows += 1;
    }

    fn words(&self) -> usize {
        self.centre.len().div_ceil(64)
    }

    /// About `most` of the rows, of those that `admit` lets through, that have most in common with a question.
    pub(super) fn likely(&self, question: &[f32], most: usize, admit: impl Fn(usize) -> bool) -> Vec<usize> {
        let planes = planes(question);
        let mut likely: Vec<(u32, usize)> = Vec::with_capacity(2 * most);
        let mut farthest = u32::MAX;
        let mut found = [[0; 8]; GROUPS];
        for (at, groups) in self.groups.chunks(GROUPS * self.words().max(1)).enumerate() {
            distances(&planes, groups, &mut found);
            let first = at * GROUPS * 8;
            for (distance, row) in found.as_flattened().iter().zip(first..self.rows) {
                if *distance < farthest && admit(row) {
                    if likely.len() >= 2 * most {
                        let (_, last, _) = likely.select_nth_unstable(most);
                        farthest = last.0;
                        likely.truncate(most);
                    }
                    likely.push((*distance, row));
                }
            }
        }
        if likely.len() > most {
            likely.select_nth_unstable(most);
            likely.truncate(most);
        }
        // In the order of memory.
        likely.sort_unstable_by_key(|(_, row)| *row);
        likely.into_iter().map(|(_, row)| row).collect()
    }

    /// In bytes.
    pub(super) fn memory(&self) -> usize {
        self.centre.capacity() * size_of::<f32>() + self.groups.capacity() * size_of::<Lanes>()
    }
}

/// Values rounded to 16 steps from -15 to 15, each the sum of 1, 2, 4 and 8 with signs: for every 64 values the signs
/// of the ones, of the twos, and so on. Where one is not that of a vector's value, it counts against the vector.
fn planes(values: &[f32]) -> Vec<[u64; 4]> {
    let largest = values.iter().fold(f32::MIN_POSITIVE, |largest, value| largest.max(value.abs()));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 15")]
    let step = |value: f32| ((value / largest * 7.5).floor() + 8.0).clamp(0.0, 15.0) as u64;
    let plane = |values: &[f32], plane: usize| {
        values.iter().enumerate().fold(0, |bits, (at, value)| bits | (step(*value) >> plane & 1) << at)
    };
    values.chunks(64).map(|values| std::array::from_fn(|at| plane(values, at))).collect()
}

/// Bit n: the n-th value is above its mean.
fn bits(values: &[f32], centre: &[f32]) -> u64 {
    let above = values.iter().zip(centre).map(|(value, centre)| u64::from(value > centre));
    above.enumerate().fold(0, |bits, (at, above)| bits | above << at)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn planes_are_the_rounded_values(values in proptest::collection::vec(-1.0f32..1.0, 1..70)) {
            let largest = values.iter().fold(0.0, |largest: f32, value| largest.max(value.abs()));
            let planes = planes(&values);
            for (at, value) in values.iter().enumerate() {
                let sign = |plane: u64| if plane >> (at % 64) & 1 == 1 { 1.0 } else { -1.0 };
                let rounded: f32 = planes[at / 64].iter().zip([1.0, 2.0, 4.0, 8.0]).map(|(plane, of)| sign(*plane) * of).sum();
                prop_assert!((rounded / 15.0 * largest - value).abs() <= 1.01 * largest / 15.0, "{rounded} {value}");
            }
        }
    }
}
