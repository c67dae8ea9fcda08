//! The rows of a table as text.

use std::collections::VecDeque;
use std::io::{self, Read};

use csv::ReaderBuilder;

use super::{LONGEST_LINE, Line, Lines, Unreadable};
use crate::csv::{guessed_delimiter, said_delimiter};

/// Most lines of one row: a cell may have several.
const MOST_LINES: usize = 200;

/// A row with the number of its first line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The number, from 1 on.
    pub line: u64,
    /// Its cells; none of a line that is empty.
    pub cells: Result<Vec<String>, Unreadable>,
}

/// The rows of a table.
pub struct Rows<R> {
    lines: Lines<R>,
    delimiter: u8,
    /// Lines that are read and belong to no row yet.
    ahead: VecDeque<Line>,
}

impl<R: Read> Rows<R> {
    /// The rows of these lines, from the first one on.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn of(mut lines: Lines<R>) -> io::Result<Self> {
        let (rest, said) = said_delimiter(lines.beginning());
        // The last line may be cut.
        let whole = rest.rfind('\n').and_then(|end| rest.get(..=end)).unwrap_or(rest);
        let delimiter = said.unwrap_or_else(|| guessed_delimiter(whole));
        if said.is_some() {
            lines.next_line()?;
        }
        Ok(Self { lines, delimiter, ahead: VecDeque::new() })
    }

    /// The next row; none at the end. A row that cannot be read ends with its first line.
    ///
    /// # Errors
    /// When the file cannot be read on.
    pub fn next_row(&mut self) -> io::Result<Option<Row>> {
        let Some(first) = self.line()? else { return Ok(None) };
        let number = first.number;
        let mut text = match first.text {
            Ok(text) => text,
            Err(why) => return Ok(Some(Row { line: number, cells: Err(why) })),
        };
        let mut state = State::CellBegins;
        state.read(&text, self.delimiter);
        let mut taken: Vec<Line> = Vec::new();
        while state == State::Quoted {
            let next = self.line()?;
            let Some(Line { number: next, text: Ok(more) }) = next else {
                taken.extend(next);
                return Ok(Some(self.unclosed(number, taken)));
            };
            text.push('\n');
            text.push_str(&more);
            state.read("\n", self.delimiter);
            state.read(&more, self.delimiter);
            taken.push(Line { number: next, text: Ok(more) });
            if taken.len() > MOST_LINES || text.len() > LONGEST_LINE {
                return Ok(Some(self.unclosed(number, taken)));
            }
        }
        Ok(Some(Row { line: number, cells: Ok(self.cells(&text)) }))
    }

    fn line(&mut self) -> io::Result<Option<Line>> {
        match self.ahead.pop_front() {
            Some(line) => Ok(Some(line)),
            None => self.lines.next_line(),
        }
    }

    /// Gives back the lines that were taken for parts of a row.
    fn unclosed(&mut self, line: u64, taken: Vec<Line>) -> Row {
        taken.into_iter().rev().for_each(|line| self.ahead.push_front(line));
        Row { line, cells: Err(Unreadable::Unclosed) }
    }

    fn cells(&self, text: &str) -> Vec<String> {
        let mut builder = ReaderBuilder::new();
        builder.has_headers(false).flexible(true).delimiter(self.delimiter).buffer_capacity(text.len().max(1));
        let record = builder.from_reader(text.as_bytes()).into_records().next();
        record.and_then(Result::ok).map(|record| record.iter().map(str::to_owned).collect()).unwrap_or_default()
    }
}

/// Where a reader of cells is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    CellBegins,
    Plain,
    Quoted,
    /// Behind a mark in a quoted cell: it ends the cell, or a second one follows.
    Mark,
}

impl State {
    fn read(&mut self, text: &str, delimiter: u8) {
        for byte in text.bytes() {
            *self = match (*self, byte) {
                (Self::CellBegins | Self::Mark, b'"') => Self::Quoted,
                (Self::Quoted, b'"') => Self::Mark,
                (Self::Quoted, _) => Self::Quoted,
                (_, byte) if byte == delimiter => Self::CellBegins,
                _ => Self::Plain,
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(u64, Result<Vec<String>, Unreadable>)> {
        let mut rows = Rows::of(Lines::open(text.as_bytes()).expect("a text")).expect("rows");
        let mut all = Vec::new();
        while let Some(row) = rows.next_row().expect("memory is read") {
            all.push((row.line, row.cells));
        }
        all
    }

    fn check(text: &str, expected: &[(u64, &[&str])]) {
        let expected: Vec<_> = expected
            .iter()
            .map(|(line, cells)| (*line, Ok(cells.iter().map(|cell| (*cell).to_owned()).collect())))
            .collect();
        assert_eq!(rows(text), expected, "{text}");
    }

    #[test]
    fn separators_are_seen_and_cells_may_have_lines() {
        check("a,b\n\"1\n2\",3\n4,5", &[(1, &["a", "b"]), (2, &["1\n2", "3"]), (4, &["4", "5"])]);
        check("a;b\r\n\"x;\"\"y\"\"\";2\r\n", &[(1, &["a", "b"]), (2, &["x;\"y\"", "2"])]);
        check("sep=|\na|b\n1|2\n", &[(2, &["a", "b"]), (3, &["1", "2"])]);
        check("a\tb\n\n1\t2\n", &[(1, &["a", "b"]), (2, &[]), (3, &["1", "2"])]);
        // A mark within a cell is one like any other.
        check("a,b\n5\" pipe,2\n3,4\n", &[(1, &["a", "b"]), (2, &["5\" pipe", "2"]), (3, &["3", "4"])]);
    }

    #[test]
    fn a_mark_that_never_ends_costs_one_line() {
        let read = rows("a,b\n\"1,2\n3,4\n5,6\n");
        assert_eq!(read.len(), 4);
        assert_eq!(read[1], (2, Err(Unreadable::Unclosed)));
        assert_eq!(read[3], (4, Ok(vec!["5".to_owned(), "6".to_owned()])));
        let many = format!("a,b\n\"1,2\n{}", "3,4\n".repeat(10_000));
        let read = rows(&many);
        assert_eq!(read.len(), 10_002);
        assert_eq!(read.iter().filter(|(_, cells)| cells.is_err()).count(), 1);
    }
}
