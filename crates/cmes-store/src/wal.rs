//! Making SQLite's commits durable, many at a time.
//!
//! With `synchronous = FULL` SQLite waits for the disk inside each commit, and
//! every other writer waits behind it. Here it runs with `NORMAL`, where a
//! commit only appends to the write-ahead log, and whoever needs its commit to
//! outlive a power failure waits for the log to be written to the disk
//! afterwards, when the next writer is already at work. One such write serves
//! all commits before it: the log is one file, and what comes first in it is
//! on the disk first. (<https://sqlite.org/wal.html#performance_considerations>)

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Mutex;

/// The write-ahead log of one database file.
#[derive(Debug)]
pub struct Wal {
    file: Arc<PathBuf>,
    /// Number of the last commit that waits, or waited, for the disk.
    asked: AtomicU64,
    /// Number of the last commit that is on the disk.
    written: Mutex<u64>,
}

impl Wal {
    /// Of the database in this file.
    pub(crate) fn of(database: &Path) -> Self {
        let mut file = database.as_os_str().to_owned();
        file.push("-wal");
        Self { file: Arc::new(file.into()), asked: AtomicU64::new(0), written: Mutex::new(0) }
    }

    /// Waits until everything that is committed now is on the disk.
    ///
    /// # Errors
    /// When the disk fails; the commits may or may not outlive a power failure.
    pub(crate) async fn flush(&self) -> io::Result<()> {
        let mine = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        let mut written = self.written.lock().await;
        if *written >= mine {
            return Ok(());
        }
        // Whoever has asked by now has committed before.
        let all = self.asked.load(Ordering::SeqCst);
        let file = Arc::clone(&self.file);
        tokio::task::spawn_blocking(move || write_out(&file)).await.map_err(io::Error::other)??;
        *written = all;
        Ok(())
    }
}

/// The file is opened anew: SQLite deletes it when nobody uses the database, and
/// makes another one.
fn write_out(file: &Path) -> io::Result<()> {
    match std::fs::File::open(file) {
        Ok(log) => log.sync_data(),
        // Without a log everything is in the database file, which SQLite wrote out itself.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_write_serves_all_who_wait() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let wal = Arc::new(Wal::of(&folder.path().join("a.db")));
        wal.flush().await.expect("there is no log yet");
        std::fs::write(folder.path().join("a.db-wal"), "x").expect("a log");
        let blocker = wal.written.lock().await;
        let waiting: Vec<_> = (0..10)
            .map(|_| {
                tokio::spawn({
                    let wal = Arc::clone(&wal);
                    async move { wal.flush().await }
                })
            })
            .collect();
        while wal.asked.load(Ordering::SeqCst) < 11 {
            tokio::task::yield_now().await;
        }
        drop(blocker);
        for waiter in waiting {
            waiter.await.expect("no panic").expect("written");
        }
        assert_eq!(*wal.written.lock().await, 11);
    }
}
