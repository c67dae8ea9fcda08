//! Vectors of texts, each made once: they are kept in a file below the target
//! folder, by the embedder's identity and the text, so that a change of the
//! ranking is measured within seconds.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use cmes_models::{Embedder, Kind};
use sha2::{Digest as _, Sha256};

/// Texts that are embedded together and then written to the file.
const BATCH: usize = 64;

/// A text's place in the file.
type Key = [u8; 16];

/// The vectors of one embedder.
pub struct Vectors {
    embedder: Option<Arc<dyn Embedder>>,
    file: PathBuf,
    known: HashMap<Key, Vec<f32>>,
}

impl Vectors {
    /// Those that `folder` has for an embedder of that identity and dimension;
    /// more are made when there is an embedder.
    pub fn open(folder: &Path, embedder: Option<Arc<dyn Embedder>>) -> io::Result<Self> {
        let identity = embedder.as_ref().map_or("none", |embedder| embedder.identity());
        let dimension = embedder.as_ref().and_then(|embedder| embedder.dimension()).unwrap_or(0);
        let file = folder.join(format!("{}.vectors", identity.replace('/', "-")));
        std::fs::create_dir_all(folder)?;
        let bytes = match std::fs::read(&file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(error),
        };
        let known = bytes.chunks_exact(size_of::<Key>() + dimension * size_of::<f32>()).filter_map(|record| {
            let (key, values) = record.split_first_chunk::<16>()?;
            let (values, _) = values.as_chunks::<4>();
            Some((*key, values.iter().map(|value| f32::from_le_bytes(*value)).collect()))
        });
        Ok(Self { known: known.collect(), embedder, file })
    }

    /// Makes those that are missing, and says how far it is.
    pub async fn make(&mut self, kind: Kind, texts: &[String], tell: impl Fn(usize)) -> io::Result<()> {
        let Some(embedder) = &self.embedder else { return Ok(()) };
        let mut missing: Vec<(Key, &String)> =
            texts.iter().map(|text| (key(kind, text), text)).filter(|(key, _)| !self.known.contains_key(key)).collect();
        missing.sort_unstable_by_key(|(key, text)| (text.len(), *key));
        missing.dedup_by_key(|(key, _)| *key);
        let mut file: File = OpenOptions::new().create(true).append(true).open(&self.file)?;
        for (number, batch) in missing.chunks(BATCH).enumerate() {
            let deadline = tokio::time::Instant::now() + Duration::from_secs(3_600);
            let texts = batch.iter().map(|(_, text)| (*text).clone()).collect();
            let embedded = embedder.embed(kind, texts, deadline).await.map_err(io::Error::other)?;
            let mut bytes = Vec::new();
            for ((key, _), vector) in batch.iter().zip(embedded.vectors) {
                bytes.extend_from_slice(key);
                bytes.extend(vector.iter().flat_map(|value| value.to_le_bytes()));
                self.known.insert(*key, vector);
            }
            file.write_all(&bytes)?;
            tell(missing.len().saturating_sub((number + 1) * BATCH));
        }
        Ok(())
    }

    /// The vector of a text that was made.
    pub fn of(&self, kind: Kind, text: &str) -> Option<&[f32]> {
        self.known.get(&key(kind, text)).map(Vec::as_slice)
    }
}

fn key(kind: Kind, text: &str) -> Key {
    let kind = match kind {
        Kind::Query => "query",
        Kind::Passage => "passage",
    };
    let digest = Sha256::new().chain_update(kind).chain_update([0]).chain_update(text).finalize();
    digest.first_chunk::<16>().copied().unwrap_or_default()
}
