//! Tables: rows of pieces that begin below each other.

use super::super::lines::Segment;

/// Least number of rows of several cells.
const ROWS: usize = 2;
/// Most columns.
const COLUMNS: usize = 24;
/// Rows that are looked at together: a table goes on over pages as several.
const LONGEST: usize = 400;
/// A larger distance between two rows ends a table, in sizes of the text.
const FAR: f32 = 3.2;
/// A smaller one goes on the row above, where cells are of several lines.
const NEAR: f32 = 1.35;

/// The table that begins with the first of these rows, and how many of them it takes.
pub(super) fn table(rows: &[Vec<Segment>]) -> Option<(Vec<Vec<String>>, usize)> {
    let mut taken = reach(rows);
    let mut columns = columns(rows.get(..taken)?);
    // A line across columns is text: wide gaps in lines of equal length are no table.
    if let Some(across) = rows.iter().take(taken).position(|row| row.iter().any(|piece| is_across(piece, &columns))) {
        taken = across;
        columns = self::columns(rows.get(..taken)?);
    }
    let rows = rows.get(..taken)?;
    let several = rows.iter().filter(|row| row.len() > 1).count();
    if several < ROWS || !(2..=COLUMNS).contains(&columns.len()) {
        return None;
    }
    let mut table: Vec<Vec<String>> = Vec::new();
    let mut above: Option<f32> = None;
    for row in rows {
        let cells = cells(row, &columns);
        let (y, size) = row.first().map_or((0.0, 1.0), |first| (first.y, first.size));
        let is_near = above.is_some_and(|above| y - above <= NEAR * size);
        let goes_on = is_near && cells.first().is_some_and(String::is_empty);
        match table.last_mut() {
            Some(last) if goes_on => add(last, cells),
            _ => table.push(cells),
        }
        above = Some(y);
    }
    let filled = table.iter().flatten().filter(|cell| !cell.is_empty()).count();
    let is_table = table.len() >= ROWS && filled * 2 >= table.len() * columns.len() && !is_prose(&table);
    is_table.then_some((table, taken))
}

/// How many rows belong together: those of several pieces, and lines of one cell between them.
fn reach(rows: &[Vec<Segment>]) -> usize {
    let mut taken = 0;
    let mut above: Option<&Segment> = None;
    for (place, row) in rows.iter().take(LONGEST).enumerate() {
        let Some(first) = row.first() else { break };
        if above.is_some_and(|above| {
            first.y - above.y > FAR * above.size || (first.size - above.size).abs() > 0.35 * above.size
        }) {
            break;
        }
        if row.len() > 1 {
            taken = place + 1;
        } else if place == 0 || place >= taken + 4 {
            break;
        } else if let Some(start) = rows.first().and_then(|row| row.first())
            && first.x0 <= start.x0 + start.size
            && above.is_some_and(|above| first.y - above.y > NEAR * first.size)
        {
            // A line at the left edge with some distance is text again.
            break;
        }
        above = Some(first);
    }
    taken
}

/// Where the columns begin and end: pieces that overlap are of one column.
fn columns(rows: &[Vec<Segment>]) -> Vec<(f32, f32)> {
    let pieces = rows.iter().filter(|row| row.len() > 1).flatten();
    let mut spans: Vec<(f32, f32)> = pieces.map(|segment| (segment.x0, segment.x1)).collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut columns: Vec<(f32, f32)> = Vec::new();
    for (from, to) in spans {
        match columns.last_mut() {
            Some((_, end)) if from <= *end => *end = end.max(to),
            _ => columns.push((from, to)),
        }
    }
    columns
}

fn is_across(piece: &Segment, columns: &[(f32, f32)]) -> bool {
    columns.iter().skip(1).any(|(from, _)| piece.x0 < from - 2.0 && piece.x1 > from + 2.0)
}

fn cells(row: &[Segment], columns: &[(f32, f32)]) -> Vec<String> {
    let mut cells = vec![String::new(); columns.len()];
    for segment in row {
        let place = columns.iter().rposition(|(from, _)| *from <= segment.x0 + 0.5).unwrap_or(0);
        if let Some(cell) = cells.get_mut(place) {
            if !cell.is_empty() {
                cell.push(' ');
            }
            cell.push_str(segment.text.trim());
        }
    }
    cells
}

fn add(row: &mut [String], cells: Vec<String>) {
    for (cell, more) in row.iter_mut().zip(cells) {
        if more.is_empty() {
            continue;
        }
        if cell.is_empty() {
            *cell = more;
        } else {
            crate::words::push_line(cell, &more);
        }
    }
}

/// Two columns of text that were not seen as such are no table.
fn is_prose(table: &[Vec<String>]) -> bool {
    let cells: Vec<usize> =
        table.iter().flatten().filter(|cell| !cell.is_empty()).map(|cell| cell.chars().count()).collect();
    let long = cells.iter().filter(|length| **length > 45).count();
    table.len() > 6 && long * 10 > cells.len() * 9
}
