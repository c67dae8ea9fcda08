//! One running Chromium: started, watched, ended.

use std::os::fd::OwnedFd;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::{Value, json};
use tokio::process::Child;
use tokio::sync::oneshot;
use tokio::time::{Instant, interval, timeout};

use crate::browser::Limits;
use crate::command::{self, Confinement};
use crate::error::BrowserError;
use crate::profile::Profile;
use crate::protocol::Connection;

/// A first start on a busy machine reads 300 MB from disk.
const START: Duration = Duration::from_secs(20);
/// Between two looks at memory and idleness.
const LOOK: Duration = Duration::from_millis(250);
/// A browser that does not answer this long is no use.
pub(crate) const ANSWER: Duration = Duration::from_secs(5);

/// A running Chromium; it ends when this value is dropped.
#[derive(Debug)]
pub(crate) struct Process {
    pub(crate) connection: Connection,
    pub(crate) confinement: Confinement,
    pub(crate) product: String,
    pub(crate) id: u32,
    usage: Arc<Usage>,
    _end: oneshot::Sender<()>,
}

/// What the pages and the watch over the process tell each other.
#[derive(Debug)]
struct Usage {
    pages: Mutex<Pages>,
}

#[derive(Debug)]
struct Pages {
    begun: u32,
    open: u32,
    /// It is about to be ended, and whether for the memory that its pages need.
    is_closing: bool,
    over_memory: bool,
    /// When the last one ended.
    since: Instant,
}

/// The right to one page in this process.
#[derive(Debug)]
pub(crate) struct Turn(Arc<Usage>);

impl Usage {
    fn pages<T>(&self, change: impl FnOnce(&mut Pages) -> T) -> T {
        change(&mut self.pages.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.pages(|pages| {
            pages.open -= 1;
            pages.since = Instant::now();
        });
    }
}

impl Process {
    /// Starts Chromium, locked up as well as this machine can.
    pub(crate) async fn start(program: &Path, ways: &[Confinement], limits: &Limits) -> Result<Process, BrowserError> {
        let mut reason = String::new();
        for &confinement in ways {
            match Self::start_confined(program, confinement, limits).await {
                Ok(process) => {
                    let product = &process.product;
                    match confinement {
                        Confinement::OtherUser => tracing::warn!(product, %confinement, reason, "browser started"),
                        _ => tracing::info!(product, %confinement, "browser started"),
                    }
                    return Ok(process);
                }
                Err(words) => {
                    tracing::debug!(%confinement, reason = words, "browser not started");
                    reason = words;
                }
            }
        }
        if reason.contains("andbox") {
            reason.push_str(
                "; allow user namespaces, install the package chromium-sandbox, or set browser.path = \"off\"",
            );
        }
        Err(BrowserError::Start { program: program.display().to_string(), reason })
    }

    async fn start_confined(program: &Path, confinement: Confinement, limits: &Limits) -> Result<Process, String> {
        let describe = |error: std::io::Error| error.to_string();
        let profile = command::profile().map_err(describe)?;
        let (commands_out, commands_in) = std::io::pipe().map_err(describe)?;
        let (messages_out, messages_in) = std::io::pipe().map_err(describe)?;
        let ends: (OwnedFd, OwnedFd) = (commands_out.into(), messages_in.into());
        let child = command::start(program, confinement, limits.heap, &profile, ends.0, ends.1).map_err(describe)?;
        let id = child.id().unwrap_or_default();
        let mut running = Running { child, profile };
        let connection = Connection::open(commands_in.into(), messages_out.into()).map_err(describe)?;
        let version = timeout(START, connection.call("", "Browser.getVersion", json!({}))).await;
        let Ok(Ok(version)) = version else {
            return Err(command::last_words(&running.profile));
        };
        let pages = Pages { begun: 0, open: 0, is_closing: false, over_memory: false, since: Instant::now() };
        let usage = Arc::new(Usage { pages: Mutex::new(pages) });
        let (_end, ended) = oneshot::channel();
        let watch = Watch { connection: connection.clone(), usage: Arc::clone(&usage), limits: limits.clone() };
        tokio::spawn(async move {
            tokio::select! {
                _ = running.child.wait() => {}
                _ = ended => {}
                () = watch.until_it_has_to_end() => {}
            }
            running.kill();
            // Its files are removed when it writes no more.
            let _ = running.child.wait().await;
        });
        let product = version["product"].as_str().unwrap_or("a browser without a name").to_owned();
        Ok(Process { connection, confinement, product, id, usage, _end })
    }

    /// A page's place in it, unless it has had its share of pages or is gone.
    pub(crate) fn turn(&self, limits: &Limits) -> Option<Turn> {
        if self.connection.is_over() {
            return None;
        }
        self.usage
            .pages(|pages| {
                let is_fresh = !pages.is_closing && pages.begun < limits.pages_per_process;
                pages.begun += u32::from(is_fresh);
                pages.open += u32::from(is_fresh);
                is_fresh
            })
            .then(|| Turn(Arc::clone(&self.usage)))
    }

    /// What an end of the connection was about.
    pub(crate) fn explained(&self, error: BrowserError, limits: &Limits) -> BrowserError {
        match error {
            BrowserError::Crashed if self.usage.pages(|pages| pages.over_memory) => BrowserError::Memory(limits.memory),
            other => other,
        }
    }
}

/// The process with its folder: both are gone when this value is dropped.
struct Running {
    child: Child,
    profile: Profile,
}

impl Running {
    /// Ends it with everything that it started.
    fn kill(&self) {
        // None when it has ended by itself: another may have its number by now.
        if let Some(group) = self.child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw) {
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}

struct Watch {
    connection: Connection,
    usage: Arc<Usage>,
    limits: Limits,
}

impl Watch {
    async fn until_it_has_to_end(self) {
        let mut looks = interval(LOOK);
        loop {
            looks.tick().await;
            let open = self.usage.pages(|pages| {
                pages.is_closing = pages.open == 0 && pages.since.elapsed() > self.limits.idle;
                if pages.is_closing { None } else { Some(pages.open) }
            });
            match open {
                None => {
                    tracing::info!("browser closed: no page has asked for it");
                    return;
                }
                Some(0) => continue,
                Some(_) => {}
            }
            let Ok(Ok(processes)) =
                timeout(ANSWER, self.connection.call("", "SystemInfo.getProcessInfo", json!({}))).await
            else {
                tracing::warn!("browser ended: it does not answer");
                return;
            };
            let used = memory(&processes);
            if used > self.limits.memory {
                tracing::warn!(used, "browser ended: its pages need too much memory");
                self.usage.pages(|pages| (pages.is_closing, pages.over_memory) = (true, true));
                return;
            }
        }
    }
}

/// Bytes that the processes have for themselves.
fn memory(processes: &Value) -> u64 {
    let ids = processes["processInfo"].as_array().into_iter().flatten().filter_map(|process| process["id"].as_u64());
    let status = ids.filter_map(|id| std::fs::read_to_string(format!("/proc/{id}/status")).ok());
    status.map(|status| own_memory(&status)).sum()
}

/// From `/proc/<id>/status`: memory behind no file.
fn own_memory(status: &str) -> u64 {
    let kilobytes = |line: &str| line.split_whitespace().nth(1).and_then(|number| number.parse::<u64>().ok());
    let own = status.lines().filter(|line| line.starts_with("RssAnon:") || line.starts_with("RssShmem:"));
    own.filter_map(kilobytes).sum::<u64>() * 1024
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_what_no_file_stands_behind() {
        let status = "Name:\tchromium\nVmRSS:\t  190000 kB\nRssAnon:\t   90000 kB\nRssFile:\t   90000 kB\nRssShmem:\t   10000 kB\n";
        assert_eq!(own_memory(status), 100_000 * 1024);
        let own = json!({"processInfo": [{"type": "browser", "id": std::process::id()}, {"id": 0}, {}]});
        assert!(memory(&own) > 100_000);
        assert_eq!(memory(&json!({})), 0);
    }
}
