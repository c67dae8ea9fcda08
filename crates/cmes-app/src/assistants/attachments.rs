//! What is handed over with a message (`Additionally`): read into pieces when it
//! comes, and found among them for every later answer of the dialogue, by words and, with an embedder, by meaning.
//!
//! Vectors are made when a question first needs them, for somebody waits: so many, in so much time, and the rest with the
//! next question. They are kept by the hash of the piece, so that what is handed over again is not embedded again.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cmes_models::Embedder;
use cmes_retrieve::{Index, Query, Searched, words};
use cmes_store::attachments::{self, Piece, Words};
use cmes_store::chunks::Lacking;
use cmes_store::messages::Message;
use cmes_store::{Db, StoreError};
use cmes_types::AccountId;
use sha2::{Digest, Sha256};
use tokio::time::Instant;

use super::answer::{Origin, Passage};
use crate::enrichment::compute;
use crate::knowledge::{indexing, nearness, search};
use crate::{App, Error};

/// Most pieces of one attachment; a piece has about 200 tokens.
const MOST_PIECES: usize = 300;
/// Most pieces of a dialogue that are searched, the newest.
const MOST_SEARCHED: i64 = 1_000;
/// Most pieces that are embedded for one answer, in calls of so many, and the time for all of them.
const MOST_EMBEDDED: usize = 64;
const EMBEDDED_AT_ONCE: usize = 8;
const EMBED_TIME: Duration = Duration::from_secs(2);
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
        hash: Sha256::new()
            .chain_update(&chunk.context)
            .chain_update([0])
            .chain_update(&chunk.text)
            .finalize()
            .to_vec(),
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
    app: &App,
    account: AccountId,
    question: &Message,
    query: &str,
) -> Result<(Vec<Passage>, Vec<Passage>), Error> {
    let embedder = app.models.embedder();
    let identity = embedder.as_ref().map(|embedder| embedder.identity());
    let pieces = attachments::words(&app.db, account, question.channel, identity, MOST_SEARCHED).await?;
    if pieces.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let mut pieces = without_repetition(pieces, question.key.0);
    let (mut vector, mut scale) = (None, None);
    if let Some(embedder) = &embedder {
        embed(&app.db, embedder.as_ref(), question, &mut pieces).await?;
        vector = search::vector(app, query).await;
        scale = if vector.is_some() { nearness::scale(app).await } else { None };
    }
    // One article for each message: neighbours help each other.
    let mut index = Index::new();
    let mut by_message: HashMap<i64, Vec<cmes_retrieve::Passage<'_>>> = HashMap::new();
    for piece in pieces.iter().filter(|piece| piece.words_version == i64::from(words::VERSION)) {
        let vector = piece.vector.as_deref().filter(|vector| !vector.is_empty());
        let passage = cmes_retrieve::Passage { key: piece.key, words: &piece.words, vector };
        by_message.entry(piece.message_key).or_default().push(passage);
    }
    for (message, passages) in &by_message {
        index.replace(*message, passages);
    }
    let hits = cmes_retrieve::search(
        &[Searched { index: &index, only: None }],
        &Query { text: query, vector: vector.as_deref() },
        4 * MOST_FOUND,
    );
    let own = question.key.0;
    let (mut with_it, mut earlier): (Vec<Ranked>, Vec<Ranked>) = (Vec::new(), Vec::new());
    for hit in &hits {
        let list = if hit.article == own { &mut with_it } else { &mut earlier };
        let nearness = scale.zip(hit.cosine).map(|(scale, cosine)| scale.nearness(f64::from(cosine)));
        list.push(Ranked { key: hit.chunk, score: f64::from(hit.score), nearness });
    }
    // What comes with a question is meant, also when it shares no word with it: its beginning, then.
    for piece in pieces.iter().filter(|piece| piece.message_key == own) {
        if with_it.iter().all(|ranked| ranked.key != piece.key) {
            with_it.push(Ranked { key: piece.key, score: 0.0, nearness: None });
        }
    }
    Ok((texts(&app.db, question, &with_it).await?, texts(&app.db, question, &earlier).await?))
}

/// A piece that was found.
struct Ranked {
    key: i64,
    score: f64,
    nearness: Option<f64>,
}

/// Each piece once, that of the question's own message or else the newest, in their order.
fn without_repetition(mut pieces: Vec<Words>, own: i64) -> Vec<Words> {
    let mut seen: HashSet<Vec<u8>> = HashSet::new();
    pieces.sort_by_key(|piece| (piece.message_key != own, std::cmp::Reverse(piece.key)));
    pieces.retain(|piece| piece.hash.as_ref().is_none_or(|hash| seen.insert(hash.clone())));
    pieces.sort_by_key(|piece| piece.key);
    pieces
}

/// Makes vectors of pieces that have none, those of the question's own message first, then the newest. What there is no
/// time for is found by its words.
async fn embed(db: &Db, embedder: &dyn Embedder, question: &Message, pieces: &mut [Words]) -> Result<(), StoreError> {
    let deadline = Instant::now() + EMBED_TIME;
    let mut lacking: Vec<&mut Words> =
        pieces.iter_mut().filter(|piece| piece.vector.is_none() && piece.hash.is_some()).collect();
    lacking.sort_by_key(|piece| (piece.message_key != question.key.0, std::cmp::Reverse(piece.key)));
    lacking.truncate(MOST_EMBEDDED);
    for some in lacking.chunks_mut(EMBEDDED_AT_ONCE) {
        let mut texts = Vec::with_capacity(some.len());
        for piece in some.iter() {
            if let Some((context, text)) = attachments::text(db, question.channel, piece.key).await? {
                let hash = piece.hash.clone().unwrap_or_default();
                texts.push(Lacking { key: piece.key, article_key: piece.message_key, hash, context, text });
            }
        }
        // Whoever asks is answered by words rather than late: what fails now is tried with the next question.
        let made = tokio::time::timeout_at(deadline, indexing::vectors_of(embedder, &texts, true)).await;
        let Ok(Ok(made)) = made else {
            tracing::debug!("pieces of attachments are found by their words alone");
            return Ok(());
        };
        for made in made {
            attachments::store_vector(db, question.channel, embedder.identity(), &made.hash, &made.vector).await?;
            if let Some(piece) = some.iter_mut().find(|piece| piece.key == made.chunk) {
                piece.vector = Some(made.vector);
            }
        }
    }
    Ok(())
}

async fn texts(db: &Db, question: &Message, found: &[Ranked]) -> Result<Vec<Passage>, Error> {
    let mut passages = Vec::new();
    for Ranked { key, score, nearness } in found.iter().take(MOST_FOUND) {
        let text: Result<_, StoreError> = attachments::text(db, question.channel, *key).await;
        if let Some((context, text)) = text? {
            passages.push(Passage {
                origin: Origin::Attachment,
                code: 0,
                name: NAME.to_owned(),
                context,
                text,
                score: *score,
                nearness: *nearness,
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
