//! The lines of a text in whichever encoding.

use std::io::{self, BufRead, BufReader, Read};

use encoding_rs::{CoderResult, Decoder};

use super::{OpenError, Unreadable};
use crate::charset;

/// Longest line that is read, in bytes as UTF-8.
pub const LONGEST_LINE: usize = 64 * 1024;
/// The encoding is seen from this much of the beginning.
const HEAD: usize = 1024 * 1024;
/// Bytes that are decoded at once.
const PIECE: usize = 64 * 1024;

/// A line with its number, which begins at 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number.
    pub number: u64,
    /// Its text without the end.
    pub text: Result<String, Unreadable>,
}

/// The lines of a text.
pub struct Lines<R> {
    text: BufReader<Decoded<R>>,
    number: u64,
    head: String,
}

impl<R: Read> Lines<R> {
    /// Begins with a file.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(mut file: R) -> Result<Self, OpenError> {
        let mut head = Vec::new();
        (&mut file).take(HEAD as u64).read_to_end(&mut head)?;
        if head.iter().all(u8::is_ascii_whitespace) {
            return Err(OpenError::Empty);
        }
        if !charset::is_text(&head) {
            return Err(OpenError::NoText(kind_of(&head)));
        }
        let encoding = charset::encoding_of_beginning(&head);
        let decoder = encoding.new_decoder_with_bom_removal();
        let shown = encoding.new_decoder_with_bom_removal();
        let head_text = decoded(shown, &head);
        let text = BufReader::new(Decoded {
            head: io::Cursor::new(head),
            file,
            decoder,
            raw: Vec::new(),
            is_end: false,
            is_done: false,
        });
        Ok(Self { text, number: 0, head: head_text })
    }

    /// The beginning of the text; its last line may be cut.
    #[must_use]
    pub fn beginning(&self) -> &str {
        &self.head
    }

    /// The next line; none at the end.
    ///
    /// # Errors
    /// When the file cannot be read on.
    pub fn next_line(&mut self) -> io::Result<Option<Line>> {
        let mut bytes = Vec::new();
        let most = LONGEST_LINE as u64 + 2;
        let read = (&mut self.text).take(most).read_until(b'\n', &mut bytes)?;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        let has_end = bytes.last() == Some(&b'\n');
        if !has_end && read as u64 == most {
            self.skip_line()?;
            return Ok(Some(Line { number: self.number, text: Err(Unreadable::TooLong) }));
        }
        while matches!(bytes.last(), Some(b'\n' | b'\r')) {
            bytes.pop();
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Ok(Some(Line { number: self.number, text: Ok(text) }))
    }

    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let there = self.text.fill_buf()?;
            if there.is_empty() {
                return Ok(());
            }
            match there.iter().position(|byte| *byte == b'\n') {
                Some(at) => {
                    self.text.consume(at + 1);
                    return Ok(());
                }
                None => {
                    let length = there.len();
                    self.text.consume(length);
                }
            }
        }
    }
}

/// What a file without text is, as far as people meet it.
fn kind_of(head: &[u8]) -> &'static str {
    if head.starts_with(b"PK\x03\x04") || head.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        "a workbook or an archive"
    } else if head.starts_with(&[0x1f, 0x8b]) {
        "a packed file"
    } else {
        "binary data"
    }
}

fn decoded(mut decoder: Decoder, bytes: &[u8]) -> String {
    let mut text = String::with_capacity(decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(bytes.len()));
    let _ = decoder.decode_to_string(bytes, &mut text, false);
    text
}

/// A file as UTF-8.
struct Decoded<R> {
    head: io::Cursor<Vec<u8>>,
    file: R,
    decoder: Decoder,
    /// What is read and not yet decoded.
    raw: Vec<u8>,
    is_end: bool,
    /// Whether everything is decoded; a decoder must not be asked again then.
    is_done: bool,
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        while !self.is_done {
            if self.raw.is_empty() && !self.is_end {
                self.raw.resize(PIECE, 0);
                let mut read = self.head.read(&mut self.raw)?;
                if read == 0 {
                    read = self.file.read(&mut self.raw)?;
                }
                self.raw.truncate(read);
                self.is_end = read == 0;
            }
            let (result, used, written, _) = self.decoder.decode_to_utf8(&self.raw, out, self.is_end);
            self.raw.drain(..used);
            self.is_done = self.is_end && result == CoderResult::InputEmpty;
            if written > 0 {
                return Ok(written);
            }
            if result == CoderResult::OutputFull {
                // Less room than one letter takes.
                return Err(io::Error::other("the room for a letter is too small"));
            }
        }
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: &[u8]) -> Vec<Result<String, Unreadable>> {
        let mut lines = Lines::open(bytes).expect("a text");
        let mut all = Vec::new();
        while let Some(line) = lines.next_line().expect("memory is read") {
            assert_eq!(line.number, all.len() as u64 + 1);
            all.push(line.text);
        }
        all
    }

    fn check(bytes: &[u8], expected: &[&str]) {
        assert_eq!(lines(bytes), expected.iter().map(|line| Ok((*line).to_owned())).collect::<Vec<_>>());
    }

    #[test]
    fn lines_of_any_encoding_and_ending_are_read() {
        check("Köln\r\n\nBonn".as_bytes(), &["Köln", "", "Bonn"]);
        check("\u{feff}Köln\n".as_bytes(), &["Köln"]);
        let german = "Wir fertigen Rohre für die Industrie\nKöln und München\n";
        check(
            &encoding_rs::WINDOWS_1252.encode(german).0,
            &["Wir fertigen Rohre für die Industrie", "Köln und München"],
        );
        let wide: Vec<u8> = "\u{feff}Köln\r\nBonn".encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(&wide, &["Köln", "Bonn"]);
    }

    #[test]
    fn a_text_longer_than_its_beginning_is_read_whole() {
        let line = "ä".repeat(1_000);
        let text = format!("{line}\n").repeat(2_000);
        let read = lines(text.as_bytes());
        assert_eq!(read.len(), 2_000);
        assert!(read.iter().all(|read| read.as_ref() == Ok(&line)));
    }

    #[test]
    fn a_line_that_is_too_long_is_passed_over() {
        let text =
            format!("a\n{}\nb\n{}\n{}", "x".repeat(10_000_000), "y".repeat(LONGEST_LINE), "z".repeat(LONGEST_LINE + 3));
        let read = lines(text.as_bytes());
        assert_eq!(read[0], Ok("a".to_owned()));
        assert_eq!(read[1], Err(Unreadable::TooLong));
        assert_eq!(read[2], Ok("b".to_owned()));
        assert_eq!(read[3], Ok("y".repeat(LONGEST_LINE)));
        assert_eq!(read[4], Err(Unreadable::TooLong));
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert!(matches!(Lines::open(&b" \r\n"[..]), Err(OpenError::Empty)));
        assert!(matches!(Lines::open(&b"PK\x03\x04\0\0\0"[..]), Err(OpenError::NoText("a workbook or an archive"))));
        assert!(matches!(Lines::open(&[0, 1, 2, 3, 4][..]), Err(OpenError::NoText("binary data"))));
    }
}
