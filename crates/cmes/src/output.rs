//! Writing to the terminal: results to standard output, all else to standard error.

use std::io::{self, Write};

/// Writes a result. A reader that has gone away (`| head`) is no failure.
///
/// # Errors
/// When standard output cannot be written to.
pub fn print(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Writes a failure: one sentence.
pub fn error(sentence: &str) {
    // Nothing is left to be done when even this cannot be written.
    let _ = writeln!(io::stderr(), "cmes: {sentence}");
}

/// Text that came from elsewhere, without the control characters by which it
/// could steer a terminal.
pub fn harmless(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control() && !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
        .collect()
}

/// Writes a line about what is going on.
pub fn note(line: &str) {
    // What cannot be shown is no reason to stop.
    let _ = writeln!(io::stderr(), "{line}");
}
