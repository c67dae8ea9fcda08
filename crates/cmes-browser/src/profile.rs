//! The folder in which a Chromium keeps its files: its own, and gone with it.

use std::fs::File;
use std::io;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use std::time::Duration;

use tempfile::TempDir;

const PREFIX: &str = "cmes-browser-";
/// A folder that was made just now may not be locked yet.
const JUST_MADE: Duration = Duration::from_secs(60);

/// A folder that is removed when this value is dropped. A process that is killed
/// leaves its folder behind; whoever makes another one later finds its lock free.
#[derive(Debug)]
pub(crate) struct Profile {
    folder: TempDir,
    _lock: File,
}

impl Profile {
    /// A fresh folder that belongs to this user, if one is given.
    pub(crate) fn create(owner: Option<u32>) -> io::Result<Profile> {
        remove_left_behind(&std::env::temp_dir(), JUST_MADE);
        let folder =
            tempfile::Builder::new().prefix(PREFIX).permissions(std::fs::Permissions::from_mode(0o700)).tempdir()?;
        let lock = File::open(folder.path())?;
        lock.try_lock()?;
        if owner.is_some() {
            chown(folder.path(), owner, owner)?;
        }
        Ok(Profile { folder, _lock: lock })
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }
}

fn remove_left_behind(temporary: &Path, older_than: Duration) {
    let Ok(entries) = std::fs::read_dir(temporary) else { return };
    for entry in entries.flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with(PREFIX)) {
        let age = entry.metadata().and_then(|found| found.modified()).ok().and_then(|changed| changed.elapsed().ok());
        if age.is_none_or(|age| age < older_than) {
            continue;
        }
        if let Ok(folder) = File::open(entry.path())
            && folder.try_lock().is_ok()
        {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_process_left_is_removed_and_nothing_else() {
        let temporary = tempfile::tempdir().expect("a folder");
        let folder = |name: &str| {
            let folder = temporary.path().join(name);
            std::fs::create_dir(&folder).expect("a folder");
            std::fs::write(folder.join("file"), "text").expect("a file");
            folder
        };
        let (left, used, other) = (folder("cmes-browser-left"), folder("cmes-browser-used"), folder("other"));
        let lock = File::open(&used).expect("a folder");
        lock.try_lock().expect("a free lock");
        remove_left_behind(temporary.path(), JUST_MADE);
        assert!(left.exists(), "it may be somebody's who has yet to lock it");
        remove_left_behind(temporary.path(), Duration::ZERO);
        assert_eq!((left.exists(), used.exists(), other.exists()), (false, true, true));
    }
}
