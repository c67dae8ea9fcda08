//! The vectors of all passages of an index, one after the other.

use std::ops::Range;

use super::kernels::{Line, dots};
use super::{quantise, unpack};
use crate::best::{Best, Scored};

/// Rows of a block of memory: as many as are added at once without moving the others, and are compared at once.
/// (Tests meet the limit with few.)
const BLOCK: usize = if cfg!(test) { 8 } else { 1024 };

/// Vectors of one dimension, each belonging to a slot; a slot has one, several or none.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    /// Of all vectors, in values; 0 while there was none.
    dimension: usize,
    /// [`BLOCK`] rows each, but the last.
    blocks: Vec<Vec<Line>>,
    scales: Vec<f32>,
    /// Of each row, ascending.
    slots: Vec<u32>,
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

    /// With a row, but for its scale.
    fn product(&self, row: &[Line]) -> f32 {
        let values = row.iter().flat_map(|line| line.0);
        self.exact.iter().zip(values).map(|(a, b)| a * f32::from(b)).sum()
    }
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
            self.scales.push(scale);
            self.slots.push(slot);
        }
    }

    /// Lines of a row.
    fn lines(&self) -> usize {
        self.dimension.div_ceil(64)
    }

    /// Gives slots new numbers, and forgets the rows of those that are gone.
    pub(crate) fn renumber(&mut self, new: impl Fn(u32) -> Option<u32>) {
        let old = std::mem::take(self);
        self.dimension = old.dimension;
        let lines = self.lines().max(1);
        let rows = old.blocks.into_iter().flat_map(|block| BlockRows { block, lines, at: 0 });
        for ((scale, slot), row) in old.scales.into_iter().zip(old.slots).zip(rows) {
            if let Some(slot) = new(slot) {
                self.push_row(slot, scale, row.into_iter());
            }
        }
        if self.scales.is_empty() {
            self.dimension = 0;
        }
    }

    fn row(&self, row: usize) -> &[Line] {
        let lines = self.lines();
        let from = row % BLOCK * lines;
        self.blocks.get(row / BLOCK).and_then(|block| block.get(from..from + lines)).unwrap_or_default()
    }

    /// The rows of slots.
    fn range(&self, slots: &Range<u32>) -> Range<usize> {
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
        rows.filter_map(|row| Some(question.product(self.row(row)) * self.scales.get(row)?)).reduce(f32::max)
    }

    /// The nearest slots of some ranges (ascending), of those that `admit` lets through. `keys` decides between equals.
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
        // The question's values are rounded for speed; what comes close is compared again without that.
        let mut close = Best::new(top + top / 4 + 16, keys);
        let mut sums = [0; BLOCK];
        for slots in ranges {
            let mut rows = self.range(slots);
            while !rows.is_empty() {
                let end = rows.end.min((rows.start / BLOCK + 1) * BLOCK);
                self.offer(question, rows.start..end, &mut sums, &admit, &mut close);
                rows.start = end;
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

    /// Compares rows of one block.
    fn offer(
        &self,
        question: &Question<'_>,
        rows: Range<usize>,
        sums: &mut [i32; BLOCK],
        admit: impl Fn(u32) -> bool,
        close: &mut Best<'_, ()>,
    ) {
        let lines = self.lines();
        let block = rows.start / BLOCK;
        let from = rows.start % BLOCK * lines;
        let of_block = self.blocks.get(block).and_then(|block| block.get(from..from + rows.len() * lines));
        let sums = &mut sums[..rows.len().min(BLOCK)];
        let (Some(of_block), Some(scales), Some(slots)) =
            (of_block, self.scales.get(rows.clone()), self.slots.get(rows))
        else {
            return;
        };
        dots(&question.lines, of_block, sums);
        for ((sum, scale), slot) in sums.iter().zip(scales).zip(slots) {
            #[expect(clippy::cast_precision_loss, reason = "a comparison of rounded values")]
            let score = *sum as f32 * scale;
            if score >= close.floor() && admit(*slot) {
                close.offer(*slot, score, ());
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
