//! What is handed over with a message (`Additionally`): read into pieces when it
//! comes, and found among them for every later answer of the dialogue.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cmes_retrieve::{Index, Query, Searched, words};
use cmes_store::attachments::{self, Piece};
use cmes_store::messages::Message;
use cmes_store::{Db, StoreError};
use cmes_types::AccountId;

use super::answer::{Origin, Passage};
use crate::Error;
use crate::enrichment::compute;

/// Most pieces of one attachment; a piece has about 200 tokens.
const MOST_PIECES: usize = 300;
/// Most pieces of a dialogue that are searched, the newest.
const MOST_SEARCHED: i64 = 1_000;
/// Most passages for one answer.
const MOST_FOUND: usize = 4;
/// Shorter words are text, even if they could be Base64.
const SHORTEST_BASE64: usize = 16;
/// What a file may cost.
const LIMITS: cmes_documents::Limits = cmes_documents::Limits {
    file: 16 * 1024 * 1024,
    unpacked: 64 * 1024 * 1024,
    entries: 5_000,
    text: 2 * 1024 * 1024,
    cells: 100_000,
    pages: 500,
    steps: 50_000_000,
};
/// What an attachment is called.
const NAME: &str = "Attachment";

/// The pieces of what was handed over: text, or a file in Base64.
///
/// # Errors
/// [`Error::Fields`] when the file cannot be read, or is too long.
pub(super) async fn read(field: &'static str, given: String) -> Result<Vec<Piece>, Error> {
    compute(move || pieces(field, &given)).await?
}

fn pieces(field: &'static str, given: &str) -> Result<Vec<Piece>, Error> {
    let document = match decoded(given) {
        Some(File { declared, bytes }) => cmes_documents::from_bytes("", declared, &bytes, &LIMITS)
            .map_err(|error| Error::field(field, format!("cannot be read: {error}")))?,
        None => cmes_documents::from_body(given),
    };
    let chunks = cmes_retrieve::chunks(&[], &document);
    if chunks.len() > MOST_PIECES {
        let words = MOST_PIECES * 100;
        let detail = format!("takes about {words} words at most; put longer material into a knowledge base");
        return Err(Error::field(field, detail));
    }
    // Databases do not keep U+0000.
    let kept = |text: String| if text.contains('\0') { text.replace('\0', "") } else { text };
    let piece = |chunk: cmes_retrieve::Chunk| Piece {
        words: words::pack(&chunk.context, &chunk.text),
        words_version: i64::from(words::VERSION),
        context: kept(chunk.context),
        text: kept(chunk.text),
    };
    Ok(chunks.into_iter().map(piece).collect())
}

/// A file as it was handed over.
struct File<'a> {
    declared: Option<&'a str>,
    bytes: Vec<u8>,
}

/// The bytes of a text that is Base64 (also as a `data:` URL, also in lines), and not just one word.
fn decoded(given: &str) -> Option<File<'_>> {
    let given = given.trim();
    let url = given.strip_prefix("data:").and_then(|rest| rest.split_once(";base64,"));
    let (declared, data) = url.map_or((None, given), |(declared, data)| (Some(declared), data));
    let is_url = declared.is_some();
    let plain: String = data.chars().filter(|letter| !letter.is_ascii_whitespace()).collect();
    if !is_url && plain.len() < SHORTEST_BASE64 {
        return None;
    }
    let bytes = STANDARD.decode(plain).ok()?;
    let is_file = bytes.starts_with(b"%PDF") || bytes.starts_with(b"PK\x03\x04");
    let is_meant = is_url || is_file || std::str::from_utf8(&bytes).is_ok();
    is_meant.then_some(File { declared, bytes })
}

/// What of the attachments of a dialogue fits a question: first of what came
/// with it, then of what came with earlier messages, each best first.
pub(super) async fn find(
    db: &Db,
    account: AccountId,
    question: &Message,
    query: &str,
) -> Result<(Vec<Passage>, Vec<Passage>), Error> {
    let pieces = attachments::words(db, account, question.channel, MOST_SEARCHED).await?;
    if pieces.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    // One article for each message: neighbours help each other.
    let mut index = Index::new();
    let mut by_message: HashMap<i64, Vec<cmes_retrieve::Passage<'_>>> = HashMap::new();
    for piece in pieces.iter().filter(|piece| piece.words_version == i64::from(words::VERSION)) {
        let passage = cmes_retrieve::Passage { key: piece.key, words: &piece.words, vector: None };
        by_message.entry(piece.message_key).or_default().push(passage);
    }
    for (message, passages) in &by_message {
        index.replace(*message, passages);
    }
    let hits = cmes_retrieve::search(
        &[Searched { index: &index, only: None }],
        &Query { text: query, vector: None },
        4 * MOST_FOUND,
    );
    let own = question.key.0;
    let mut with_it: Vec<(i64, f64)> = Vec::new();
    let mut earlier: Vec<(i64, f64)> = Vec::new();
    for hit in &hits {
        let list = if hit.article == own { &mut with_it } else { &mut earlier };
        list.push((hit.chunk, f64::from(hit.score)));
    }
    // What comes with a question is meant, also when it shares no word with it: its beginning, then.
    for piece in pieces.iter().filter(|piece| piece.message_key == own) {
        if with_it.iter().all(|(key, _)| *key != piece.key) {
            with_it.push((piece.key, 0.0));
        }
    }
    Ok((texts(db, question, &with_it).await?, texts(db, question, &earlier).await?))
}

async fn texts(db: &Db, question: &Message, found: &[(i64, f64)]) -> Result<Vec<Passage>, Error> {
    let mut passages = Vec::new();
    for (key, score) in found.iter().take(MOST_FOUND) {
        let text: Result<_, StoreError> = attachments::text(db, question.channel, *key).await;
        if let Some((context, text)) = text? {
            passages.push(Passage {
                origin: Origin::Attachment,
                code: 0,
                name: NAME.to_owned(),
                context,
                text,
                score: *score,
            });
        }
    }
    Ok(passages)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(given: &str) -> Vec<String> {
        pieces("Additionally", given).expect("read").into_iter().map(|piece| piece.text).collect()
    }

    #[test]
    fn text_and_base64_are_told_apart() {
        let text = "The pump NP 200 lifts 200 litres a minute.";
        assert_eq!(texts(text), [text]);
        assert_eq!(texts(&STANDARD.encode(text)), [text]);
        assert_eq!(texts(&format!("data:text/plain;base64,{}", STANDARD.encode("short"))), ["short"]);
        assert_eq!(texts("Pumps"), ["Pumps"], "a word that could be Base64");
        assert_eq!(texts("Donaudampfschiffe"), ["Donaudampfschiffe"]);
        assert!(texts("  ").is_empty());
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        let file = STANDARD.encode([&b"PK\x03\x04"[..], &[0; 40]].concat());
        assert!(pieces("Additionally", &file).is_err());
        let long: String = (0..MOST_PIECES + 1).map(|n| format!("{n} {}\n\n", "word ".repeat(190))).collect();
        let refused = pieces("Additionally", &long).expect_err("too long").to_string();
        assert!(refused.starts_with("Additionally takes about"), "{refused}");
    }
}
