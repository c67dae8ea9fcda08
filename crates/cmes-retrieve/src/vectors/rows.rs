//! The vectors of all passages of an index, one after the other.

use std::ops::Range;

use super::kernels::{Line, dots, product};
use super::signs::Signs;
use super::{quantise, unpack};
use crate::best::{Best, Scored};
use crate::index::grow;

/// Rows of a block of memory: as many as are added at once without moving the others, and are compared at once.
/// (Tests meet the limit with few.)
const BLOCK: usize = if cfg!(test) { 8 } else { 1024 };

/// From this number of rows on, the exact comparison is only made of those whose signs make them likely. Below, all
/// take a millisecond, and the signs an eighth of memory. (Tests meet the limit with few.)
const MANY: usize = if cfg!(test) { 1 << 11 } else { 1 << 17 };

/// Vectors with fewer values than this are always compared exactly: their signs say too little.
const LONG: usize = 256;

/// Vectors of one dimension, each belonging to a slot; a slot has one, several or none.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    /// Of all vectors, in values; 0 while there was none.
    dimension: usize,
    /// [`BLOCK`] rows each, but the last.
    blocks: Vec<Vec<Line>>,
    scales: Vec<f32>,
    /// Of each row, ascending. Empty while every row has the number of its slot: as a rule, each passage has one vector.
    slots: Vec<u32>,
    /// When there are many.
    signs: Option<Signs>,
}

/// A question's vector, as it is compared.
#[derive(Clone, Debug)]
pub(crate) struct Question<'a> {
    exact: &'a [f32],
    /// Empty when there is nothing to compare.
    lines: Vec<Line>,
}

impl<'a> Question<'a> {
    /// Of a vector of unit length.
    pub(crate) fn new(vector: &'a [f32]) -> Self {
        let finite = vector.iter().all(|value| value.is_finite());
        let values: Vec<i8> = if finite { quantise(vector).1.collect() } else { Vec::new() };
        Self { exact: vector, lines: padded(values.iter().copied()).collect() }
    }
}

/// How many rows are compared exactly for the `top` of all. Measured with embeddings of texts: of the ten nearest of
/// 100,000 this misses less than 1 %, of a million less than 2 %.
fn likely(rows: usize, top: usize) -> usize {
    (4 * rows.isqrt() + 8 * top).min(rows)
}

/// Whole lines of values.
fn padded(mut values: impl ExactSizeIterator<Item = i8>) -> impl Iterator<Item = Line> {
    (0..values.len().div_ceil(64)).map(move |_| Line(std::array::from_fn(|_| values.next().unwrap_or_default())))
}

impl Rows {
    /// Appends the vectors of a slot, which is higher than those before; those of another dimension than
    /// the very first are left out.
    pub(crate) fn push(&mut self, slot: u32, packed: &[u8]) {
        for (scale, values) in unpack(packed) {
            if self.dimension == 0 {
                self.dimension = values.len();
            }
            if self.dimension == values.len() {
                self.push_row(slot, scale, padded(values.iter().map(|value| value.cast_signed())));
            }
        }
    }

    fn push_row(&mut self, slot: u32, scale: f32, row: impl Iterator<Item = Line>) {
        if self.scales.len().is_multiple_of(BLOCK) {
            // The first block of a small index grows, later ones are made in one piece.
            let lines = if self.scales.is_empty() { 0 } else { BLOCK * self.lines() };
            self.blocks.push(Vec::with_capacity(lines));
        }
        if let Some(block) = self.blocks.last_mut() {
            block.extend(row);
            grow(&mut self.scales);
            self.scales.push(scale);
            self.push_slot(slot);
        }
        let row = self.scales.len() - 1;
        if let Some(mut signs) = self.signs.take() {
            signs.push(scale, self.row(row));
            self.signs = Some(signs);
        }
        if self.scales.len() >= MANY && self.scales.len().is_power_of_two() && self.dimension >= LONG {
            self.signs = Some(self.made_signs());
        }
    }

    /// That of the row that was pushed.
    fn push_slot(&mut self, slot: u32) {
        let row = self.scales.len() - 1;
        if self.slots.is_empty() && slot as usize == row {
            return;
        }
        if self.slots.is_empty() {
            self.slots = (0..u32::try_from(row).unwrap_or(u32::MAX)).collect();
        }
        grow(&mut self.slots);
        self.slots.push(slot);
    }

    fn slot(&self, row: usize) -> Option<u32> {
        if self.slots.is_empty() { u32::try_from(row).ok() } else { self.slots.get(row).copied() }
    }

    /// Around the mean as it is now.
    fn made_signs(&self) -> Signs {
        let step = (self.scales.len() / MANY).max(1);
        let row = |row: usize| (self.scales.get(row).copied().unwrap_or_default(), self.row(row));
        let mut signs = Signs::around(self.dimension, (0..self.scales.len()).step_by(step).map(row));
        (0..self.scales.len()).map(row).for_each(|(scale, row)| signs.push(scale, row));
        signs
    }

    /// Lines of a row.
    fn lines(&self) -> usize {
        self.dimension.div_ceil(64)
    }

    /// Gives slots new numbers, and forgets the rows of those that are gone.
    pub(crate) fn renumber(&mut self, new: impl Fn(u32) -> Option<u32>) {
        let mut old = std::mem::take(self);
        self.dimension = old.dimension;
        let lines = self.lines().max(1);
        let blocks = std::mem::take(&mut old.blocks);
        let rows = blocks.into_iter().flat_map(|block| BlockRows { block, lines, at: 0 });
        for ((at, scale), row) in old.scales.iter().enumerate().zip(rows) {
            if let Some(slot) = old.slot(at).and_then(&new) {
                self.push_row(slot, *scale, row.into_iter());
            }
        }
        if self.scales.is_empty() {
            self.dimension = 0;
        }
    }

    fn row(&self, row: usize) -> &[Line] {
        self.of_block(row, row + 1)
    }

    /// Rows of one block, from `start` to before `end`.
    fn of_block(&self, start: usize, end: usize) -> &[Line] {
        let lines = self.lines();
        let from = start % BLOCK * lines;
        let block = self.blocks.get(start / BLOCK);
        block.and_then(|block| block.get(from..from + (end - start) * lines)).unwrap_or_default()
    }

    /// The rows of slots.
    fn range(&self, slots: &Range<u32>) -> Range<usize> {
        if self.slots.is_empty() {
            return self.scales.len().min(slots.start as usize)..self.scales.len().min(slots.end as usize);
        }
        self.slots.partition_point(|slot| *slot < slots.start)..self.slots.partition_point(|slot| *slot < slots.end)
    }

    /// Whether its vectors can be compared with a question's.
    fn compares(&self, question: &Question<'_>) -> bool {
        self.dimension > 0 && self.dimension == question.exact.len() && !question.lines.is_empty()
    }

    /// The cosine of a slot's nearest vector; none when it has none that compares.
    pub(crate) fn similarity(&self, slot: u32, question: &Question<'_>) -> Option<f32> {
        if !self.compares(question) {
            return None;
        }
        let rows = self.range(&(slot..slot.saturating_add(1)));
        rows.filter_map(|row| self.cosine(row, question)).reduce(f32::max)
    }

    fn cosine(&self, row: usize, question: &Question<'_>) -> Option<f32> {
        Some(product(question.exact, self.row(row)) * self.scales.get(row)?)
    }

    /// The nearest slots of some ranges (ascending), of those that `admit` lets through. `keys` decides between equals.
    /// Of very many, one in a hundred may be missed.
    pub(crate) fn nearest(
        &self,
        question: &Question<'_>,
        ranges: &[Range<u32>],
        admit: impl Fn(u32) -> bool,
        top: usize,
        keys: &[i64],
    ) -> Vec<Scored<()>> {
        if !self.compares(question) {
            return Vec::new();
        }
        // For speed, values of the question are rounded at first: somewhat more than `top` are kept.
        let mut close = Best::new(top + top / 4 + 16, keys);
        let mut sums = [0; BLOCK];
        match (&self.signs, ranges) {
            (Some(signs), [slots]) if self.range(slots) == (0..self.scales.len()) => {
                let admit = |row: usize| self.slot(row).is_some_and(&admit);
                let likely = signs.likely(question.exact, likely(self.scales.len(), top), admit);
                let mut copied = Vec::new();
                for rows in likely.chunks(BLOCK) {
                    // Copied first, so that the processor waits for many at once.
                    copied.clear();
                    rows.iter().for_each(|row| copied.extend_from_slice(self.row(*row)));
                    dots(&question.lines, &copied, &mut sums);
                    self.offer(rows.iter().copied(), &sums, |_| true, &mut close);
                }
            }
            _ => {
                for slots in ranges {
                    let mut rows = self.range(slots);
                    while !rows.is_empty() {
                        let end = rows.end.min((rows.start / BLOCK + 1) * BLOCK);
                        dots(&question.lines, self.of_block(rows.start, end), &mut sums);
                        self.offer(rows.start..end, &sums, &admit, &mut close);
                        rows.start = end;
                    }
                }
            }
        }
        let mut best = Best::new(top, keys);
        for Scored { slot, .. } in close.into_sorted() {
            if let Some(cosine) = self.similarity(slot, question) {
                best.offer(slot, cosine, ());
            }
        }
        best.into_sorted()
    }

    /// Offers rows with their products.
    #[inline]
    fn offer(
        &self,
        rows: impl Iterator<Item = usize>,
        sums: &[i32],
        admit: impl Fn(u32) -> bool,
        close: &mut Best<'_, ()>,
    ) {
        for (row, sum) in rows.zip(sums) {
            #[expect(clippy::cast_precision_loss, reason = "a comparison of rounded values")]
            let score = self.scales.get(row).map_or(f32::NAN, |scale| *sum as f32 * scale);
            if score >= close.floor()
                && let Some(slot) = self.slot(row)
                && admit(slot)
            {
                close.offer(slot, score, ());
            }
        }
    }

    /// In bytes.
    pub(crate) fn memory(&self) -> usize {
        let lines: usize = self.blocks.iter().map(Vec::capacity).sum();
        lines * size_of::<Line>()
            + self.blocks.capacity() * size_of::<Vec<Line>>()
            + self.scales.capacity() * size_of::<f32>()
            + self.slots.capacity() * size_of::<u32>()
            + self.signs.as_ref().map_or(0, Signs::memory)
    }
}

/// The rows of a block, which is freed behind them.
struct BlockRows {
    block: Vec<Line>,
    lines: usize,
    at: usize,
}

impl Iterator for BlockRows {
    type Item = Vec<Line>;

    fn next(&mut self) -> Option<Vec<Line>> {
        let row = self.block.get(self.at..self.at + self.lines)?.to_vec();
        self.at += self.lines;
        Some(row)
    }
}
