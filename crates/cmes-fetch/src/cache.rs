//! Answers kept on disk, so that a page read a minute ago is not asked for again.
//!
//! One file per URL, named by its SHA-256; a first line with the checksum of the
//! rest, a line of JSON about the answer, then the body. Files are written beside
//! and renamed, so readers and other processes see whole ones; whatever does not
//! check out counts as absent. The folder keeps to its size by dropping the
//! oldest files. Nothing here is needed: every fault costs one request, no more.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use url::Url;

use crate::freshness::Headers;

/// The version is in the folder's name and in each file: a later format starts afresh.
const FORMAT_FOLDER: &str = "pages-1";
const MAGIC: &str = "cmes-page 1 ";

/// Left over by a process that died while writing.
const ABANDONED_AFTER: Duration = Duration::from_secs(3600);

/// A stored answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Stored {
    pub(crate) status: u16,
    pub(crate) headers: Headers,
    pub(crate) received: SystemTime,
    pub(crate) body: Bytes,
}

#[derive(Debug, Serialize, Deserialize)]
struct Description {
    url: String,
    /// What our own request looked like, for answers that vary with it.
    variant: String,
    status: u16,
    headers: Headers,
    received_ms: u64,
}

/// The folder of stored answers.
#[derive(Debug, Clone)]
pub(crate) struct Cache {
    folder: Arc<Folder>,
}

#[derive(Debug)]
struct Folder {
    path: PathBuf,
    variant: String,
    max_bytes: u64,
    /// What we believe is in it; corrected by each sweep. Zero until the first.
    bytes: AtomicU64,
    swept: Mutex<bool>,
    counter: AtomicU64,
}

impl Cache {
    /// Opens (and makes) the folder. `variant` describes our requests.
    pub(crate) fn open(dir: &Path, max_bytes: u64, variant: &str) -> io::Result<Cache> {
        let path = dir.join(FORMAT_FOLDER);
        fs::create_dir_all(&path)?;
        let folder = Folder {
            path,
            variant: variant.to_owned(),
            max_bytes,
            bytes: AtomicU64::new(0),
            swept: Mutex::new(false),
            counter: AtomicU64::new(0),
        };
        Ok(Cache { folder: Arc::new(folder) })
    }

    /// What is stored for this URL.
    pub(crate) async fn load(&self, url: &Url) -> Option<Stored> {
        let (folder, url) = (Arc::clone(&self.folder), url.clone());
        tokio::task::spawn_blocking(move || folder.load(&url)).await.ok().flatten()
    }

    /// Stores an answer; a failure is logged and otherwise without consequence.
    pub(crate) async fn store(&self, url: &Url, stored: Stored) {
        let (folder, url) = (Arc::clone(&self.folder), url.clone());
        let task = tokio::task::spawn_blocking(move || folder.store(&url, &stored));
        if let Ok(Err(error)) = task.await {
            tracing::warn!(%error, "a page could not be written to the cache");
        }
    }
}

impl Folder {
    fn file(&self, url: &Url) -> PathBuf {
        self.path.join(hex(&Sha256::digest(url.as_str())))
    }

    fn load(&self, url: &Url) -> Option<Stored> {
        let content = fs::read(self.file(url)).ok()?;
        let (description, body_at) = read_description(&content)?;
        if description.url != url.as_str() || description.variant != self.variant {
            return None;
        }
        Some(Stored {
            status: description.status,
            headers: description.headers,
            received: SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(description.received_ms))?,
            body: Bytes::from(content).slice(body_at..),
        })
    }

    fn store(&self, url: &Url, stored: &Stored) -> io::Result<()> {
        let received = stored.received.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let description = Description {
            url: url.as_str().to_owned(),
            variant: self.variant.clone(),
            status: stored.status,
            headers: stored.headers.clone(),
            received_ms: u64::try_from(received.as_millis()).unwrap_or(u64::MAX),
        };
        let mut rest = serde_json::to_vec(&description).map_err(io::Error::other)?;
        rest.push(b'\n');
        rest.extend_from_slice(&stored.body);
        let length = (MAGIC.len() + 65 + rest.len()) as u64;
        // One answer that fills the folder would only push out all others.
        if length > self.max_bytes / 2 {
            return Ok(());
        }
        self.write(&self.file(url), &rest)?;
        self.account_for(length)
    }

    fn write(&self, file: &Path, rest: &[u8]) -> io::Result<()> {
        let number = self.counter.fetch_add(1, Ordering::Relaxed);
        let temporary = self.path.join(format!("{}-{number}.tmp", std::process::id()));
        let mut content = format!("{MAGIC}{}\n", hex(&Sha256::digest(rest))).into_bytes();
        content.extend_from_slice(rest);
        let written = fs::write(&temporary, content).and_then(|()| fs::rename(&temporary, file));
        if written.is_err() {
            let _ = fs::remove_file(&temporary);
        }
        written
    }

    fn account_for(&self, added: u64) -> io::Result<()> {
        let believed = self.bytes.fetch_add(added, Ordering::Relaxed) + added;
        let mut swept = self.swept.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if *swept && believed <= self.max_bytes {
            return Ok(());
        }
        *swept = true;
        let left = sweep(&self.path, self.max_bytes)?;
        self.bytes.store(left, Ordering::Relaxed);
        Ok(())
    }
}

/// Drops the oldest files until the folder is a tenth below its limit, if it is
/// above; returns its size. Other processes may do the same at the same time.
fn sweep(folder: &Path, max_bytes: u64) -> io::Result<u64> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(metadata) = entry.metadata() else { continue };
        let Ok(modified) = metadata.modified() else { continue };
        let abandoned = modified.elapsed().is_ok_and(|age| age > ABANDONED_AFTER);
        if entry.path().extension().is_some_and(|extension| extension == "tmp") {
            if abandoned {
                let _ = fs::remove_file(entry.path());
            }
            continue;
        }
        files.push((modified, metadata.len(), entry.path()));
    }
    let mut total: u64 = files.iter().map(|(_, length, _)| length).sum();
    if total <= max_bytes {
        return Ok(total);
    }
    files.sort();
    let aim = max_bytes - max_bytes / 10;
    for (_, length, path) in files {
        if total <= aim {
            break;
        }
        if fs::remove_file(path).is_ok() {
            total -= length;
        }
    }
    Ok(total)
}

/// The description in a file and where its body begins, if the file is whole.
fn read_description(content: &[u8]) -> Option<(Description, usize)> {
    let after_magic = content.strip_prefix(MAGIC.as_bytes())?;
    let (checksum, rest) = (after_magic.get(..64)?, after_magic.get(64..)?.strip_prefix(b"\n")?);
    if checksum != hex(&Sha256::digest(rest)).as_bytes() {
        return None;
    }
    let end = rest.iter().position(|&byte| byte == b'\n')?;
    let description = serde_json::from_slice(&rest[..end]).ok()?;
    Some((description, content.len() - rest.len() + end + 1))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(path: &str) -> Url {
        Url::parse("https://example.com/").and_then(|base| base.join(path)).expect("a URL")
    }

    fn page(body: &[u8]) -> Stored {
        Stored {
            status: 200,
            headers: vec![("etag".to_owned(), "\"ü\n\"".to_owned())],
            received: SystemTime::UNIX_EPOCH + Duration::from_millis(1_234_567),
            body: Bytes::copy_from_slice(body),
        }
    }

    fn open(dir: &Path, max_bytes: u64) -> Cache {
        Cache::open(dir, max_bytes, "cmes/1").expect("the folder can be made")
    }

    fn files(dir: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(dir.join(FORMAT_FOLDER)).expect("the folder is there");
        entries.map(|entry| entry.expect("an entry").path()).collect()
    }

    #[tokio::test]
    async fn what_is_stored_comes_back() {
        let dir = tempfile::tempdir().expect("a folder");
        let cache = open(dir.path(), 1 << 20);
        for body in [&b"a page\nwith lines\0"[..], b""] {
            cache.store(&url("/a"), page(body)).await;
            assert_eq!(cache.load(&url("/a")).await, Some(page(body)));
        }
        assert_eq!(cache.load(&url("/b")).await, None);
        assert_eq!(files(dir.path()).len(), 1);
    }

    #[tokio::test]
    async fn another_kind_of_request_finds_nothing() {
        let dir = tempfile::tempdir().expect("a folder");
        open(dir.path(), 1 << 20).store(&url("/a"), page(b"x")).await;
        let other = Cache::open(dir.path(), 1 << 20, "other/2").expect("the folder is there");
        assert_eq!(other.load(&url("/a")).await, None);
    }

    #[tokio::test]
    async fn a_damaged_file_is_absent() {
        let dir = tempfile::tempdir().expect("a folder");
        let cache = open(dir.path(), 1 << 20);
        cache.store(&url("/a"), page(b"a body of some length")).await;
        let file = files(dir.path()).pop().expect("one file");
        let whole = fs::read(&file).expect("it can be read");
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x20;
            fs::write(&file, &damaged).expect("it can be written");
            assert_eq!(cache.load(&url("/a")).await, None, "bit flipped at {at}");
            fs::write(&file, &whole[..at]).expect("it can be written");
            assert_eq!(cache.load(&url("/a")).await, None, "cut at {at}");
        }
        cache.store(&url("/a"), page(b"new")).await;
        assert_eq!(cache.load(&url("/a")).await, Some(page(b"new")));
    }

    #[tokio::test]
    async fn the_oldest_make_room() {
        let dir = tempfile::tempdir().expect("a folder");
        let cache = open(dir.path(), 20_000);
        let count = 40;
        for number in 0..count {
            cache.store(&url(&format!("/{number}")), page(&[b'x'; 1000])).await;
            // File systems may tell times too coarsely for this loop.
            let file = cache.folder.file(&url(&format!("/{number}")));
            let written = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000 + number);
            let file = fs::File::options().append(true).open(file).expect("just written");
            file.set_modified(written).expect("its time can be set");
        }
        let total: u64 = files(dir.path()).iter().map(|file| file.metadata().expect("it is there").len()).sum();
        assert!(total <= 20_000, "{total} bytes");
        assert!(cache.load(&url("/39")).await.is_some(), "the newest stays");
        assert!(cache.load(&url("/30")).await.is_some(), "recent ones stay");
        assert!(cache.load(&url("/0")).await.is_none(), "the oldest went");
    }

    #[tokio::test]
    async fn what_is_too_large_is_not_kept() {
        let dir = tempfile::tempdir().expect("a folder");
        let cache = open(dir.path(), 10_000);
        cache.store(&url("/a"), page(&[b'x'; 6000])).await;
        assert_eq!(cache.load(&url("/a")).await, None);
    }

    #[tokio::test]
    async fn remains_of_a_crash_are_cleared_away() {
        let dir = tempfile::tempdir().expect("a folder");
        let cache = open(dir.path(), 1 << 20);
        let (old, new) = (cache.folder.path.join("1-1.tmp"), cache.folder.path.join("1-2.tmp"));
        for file in [&old, &new] {
            fs::write(file, "half").expect("it can be written");
        }
        let long_ago = SystemTime::now() - 2 * ABANDONED_AFTER;
        let file = fs::File::options().append(true).open(&old).expect("just written");
        file.set_modified(long_ago).expect("its time can be set");
        cache.store(&url("/a"), page(b"x")).await;
        assert!(!old.exists() && new.exists());
    }
}
