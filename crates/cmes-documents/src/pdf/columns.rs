//! The reading order of a page: columns one after the other, and what goes
//! across them in its place.

use super::lines::Segment;

/// Least number of characters in a line of text: cells of tables have fewer.
const PROSE: usize = 18;
/// Least number of such lines in a column.
const LINES: usize = 4;
/// Share of its characters that stand in them, in percent.
const SHARE: usize = 60;
/// Most places that may be the beginning of a column.
const PLACES: usize = 40;
/// Columns within columns.
const DEEPEST: usize = 3;

/// A column, or a part of a page across all of them, with where it begins and ends.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) segments: Vec<Segment>,
    pub(super) left: f32,
    pub(super) right: f32,
}

/// Puts the pieces of a page into columns, in reading order.
pub(super) fn columns(segments: Vec<Segment>) -> Vec<Column> {
    let mut columns = Vec::new();
    part(segments, 0, &mut columns);
    columns
}

fn part(segments: Vec<Segment>, depth: usize, columns: &mut Vec<Column>) {
    let gutter = if depth < DEEPEST { gutter(&segments) } else { None };
    let Some(gutter) = gutter else {
        let left = segments.iter().map(|segment| segment.x0).fold(f32::INFINITY, f32::min);
        let right = segments.iter().map(|segment| segment.x1).fold(f32::NEG_INFINITY, f32::max);
        if !segments.is_empty() {
            columns.push(Column { segments, left, right });
        }
        return;
    };
    // What stands between two bands of columns is read as a whole.
    let mut whole = Vec::new();
    for band in bands(segments, gutter) {
        if is_parted(&band, gutter) {
            part(std::mem::take(&mut whole), DEEPEST, columns);
            let (mut left, right): (Vec<Segment>, Vec<Segment>) =
                band.into_iter().partition(|segment| segment.x0 < gutter);
            whole = left.split_off(end_beside(&left, &right));
            part(left, depth + 1, columns);
            part(right, depth + 1, columns);
        } else {
            whole.extend(band);
        }
    }
    part(whole, DEEPEST, columns);
}

/// How many pieces of the first column stand beside the second one: what comes
/// below both, after a gap, is read after both.
fn end_beside(left: &[Segment], right: &[Segment]) -> usize {
    let bottom = right.iter().map(|piece| piece.y).fold(f32::NEG_INFINITY, f32::max);
    let is_below = |pair: &[Segment]| match pair {
        [above, piece] => piece.y > bottom + piece.size && piece.y - above.y > 2.0 * piece.size,
        _ => false,
    };
    left.windows(2).position(is_below).map_or(left.len(), |place| place + 1)
}

/// Pieces from top to bottom, apart where one goes across a gutter.
fn bands(mut segments: Vec<Segment>, gutter: f32) -> Vec<Vec<Segment>> {
    segments.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut bands: Vec<Vec<Segment>> = vec![Vec::new()];
    let mut was_across: Option<(f32, f32)> = None;
    for segment in segments {
        let is_across = is_across(&segment, gutter);
        // What stands level with a line across belongs to it.
        let belongs = was_across.is_some_and(|(y, size)| (segment.y - y).abs() < 0.4 * size);
        if (is_across || was_across.is_some()) && !belongs {
            bands.push(Vec::new());
        }
        if is_across {
            was_across = Some((segment.y, segment.size));
        } else if !belongs {
            was_across = None;
        }
        if let Some(band) = bands.last_mut() {
            band.push(segment);
        }
    }
    bands
}

fn is_across(segment: &Segment, gutter: f32) -> bool {
    segment.x0 < gutter - 1.0 && segment.x1 > gutter + 1.0
}

/// Whether these pieces, none of them across, are two columns of text.
fn is_parted(band: &[Segment], gutter: f32) -> bool {
    let (mut left, mut right) = (Side::default(), Side::default());
    for segment in band {
        if segment.x0 < gutter { left.take(segment) } else { right.take(segment) }
    }
    // Most of them end well before the gutter; the last line of what stands below may not.
    let too_long = band.iter().filter(|piece| piece.x0 < gutter && piece.x1 + 0.5 * piece.size > gutter).count();
    let reaches = too_long * 10 <= left.pieces;
    let is_beside = left.top.max(right.top) + 2.0 * left.size() < left.bottom.min(right.bottom);
    left.is_prose() && right.is_prose() && reaches && is_beside
}

/// Where a second column begins, if there is one: lines of text end before it
/// and begin at it, over several lines, on both sides.
fn gutter(segments: &[Segment]) -> Option<f32> {
    let mut starts: Vec<f32> = segments.iter().map(|segment| segment.x0).collect();
    starts.sort_by(f32::total_cmp);
    let mut best: Option<(usize, f32)> = None;
    let mut rest = starts.as_slice();
    let mut looked_at = 0;
    while let Some(first) = rest.first().copied() {
        let near = rest.iter().take_while(|start| **start <= first + 2.0).count();
        rest = rest.get(near..).unwrap_or_default();
        if near < LINES || looked_at >= PLACES {
            continue;
        }
        looked_at += 1;
        let gutter = first - 0.5;
        let parted = bands(segments.to_vec(), gutter).into_iter().filter(|band| is_parted(band, gutter));
        let lines: usize = parted.map(|band| band.len()).sum();
        if lines > 0 && best.is_none_or(|(most, _)| lines > most) {
            best = Some((lines, gutter));
        }
    }
    best.map(|(_, gutter)| gutter)
}

struct Side {
    pieces: usize,
    /// Lines of text.
    lines: usize,
    /// Characters in all, and in lines of text.
    characters: usize,
    in_lines: usize,
    sizes: f32,
    top: f32,
    bottom: f32,
}

impl Default for Side {
    fn default() -> Self {
        let (top, bottom) = (f32::INFINITY, f32::NEG_INFINITY);
        Self { pieces: 0, lines: 0, characters: 0, in_lines: 0, sizes: 0.0, top, bottom }
    }
}

impl Side {
    fn take(&mut self, segment: &Segment) {
        // Chinese characters say about twice as much.
        let width = segment.text.chars().map(|letter| if letter > '\u{2e80}' { 2 } else { 1 }).sum::<usize>();
        self.pieces += 1;
        self.characters += width;
        if width >= PROSE {
            self.lines += 1;
            self.in_lines += width;
        }
        self.sizes += segment.size;
        self.top = self.top.min(segment.y);
        self.bottom = self.bottom.max(segment.y);
    }

    fn size(&self) -> f32 {
        if self.pieces == 0 { 0.0 } else { self.sizes / self.pieces as f32 }
    }

    fn is_prose(&self) -> bool {
        self.lines >= LINES && self.in_lines * 100 >= self.characters * SHARE
    }
}
