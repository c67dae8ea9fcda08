//! Large files of text, line by line and row by row, in as much memory as their longest line takes.
//!
//! A [`crate::Document`] holds a whole file. Lists of hundreds of thousands of rows are read from here
//! instead: encoding and separator are seen from the beginning of the file, as with small ones, and a line or row that
//! cannot be read is told and passed over.

mod lines;
mod rows;

pub use lines::{LONGEST_LINE, Line, Lines};
pub use rows::{Row, Rows};

/// Why a line or row was passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is longer than what is read.
    #[error("the line is longer than {LONGEST_LINE} bytes; shorten its texts")]
    TooLong,
    /// Its last quotation mark is missing.
    #[error("a cell begins with a quotation mark that never ends; double the mark if it belongs to the text")]
    Unclosed,
}

/// Why a file cannot be begun with.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The system cannot read it.
    #[error("it cannot be read")]
    Io(#[from] std::io::Error),
    /// There is nothing in it.
    #[error("it is empty")]
    Empty,
    /// It holds no text.
    #[error("it is no text but {0}")]
    NoText(&'static str),
}
