//! How Chromium is started: which program, under which user, locked up how.

use std::fmt;
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use command_fds::{CommandFdExt, FdMapping};
use tokio::process::{Child, Command};

use crate::profile::Profile;

/// `nobody`: Chromium refuses to lock itself up as root, and needs none of root's rights.
const NOBODY: u32 = 65_534;

/// Where systems put it, the smaller program without windows first.
const PLACES: [&str; 7] = [
    "/usr/bin/chromium-headless-shell",
    "/usr/bin/chrome-headless-shell",
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/local/bin/chromium",
    "/usr/bin/google-chrome-stable",
    "/opt/google/chrome/chrome",
];

/// What holds for every start. Beside the usual silence of a browser without a
/// user: no network (a proxy that cannot be found, for loopback too, and no name
/// has an address), no way around it by WebRTC, no windows that a page opens.
const ARGUMENTS: [&str; 26] = [
    "--headless",
    "--remote-debugging-pipe",
    "--proxy-server=http://closed.invalid:1",
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    "--dns-prefetch-disable",
    "--block-new-web-contents",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-client-side-phishing-detection",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-domain-reliability",
    "--disable-extensions",
    // Addresses are asked for as they are; pages of the next visit are not prepared.
    "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,SpareRendererForSitePerProcess,Translate",
    "--disable-gpu",
    "--disable-sync",
    "--mute-audio",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-pings",
    "--password-store=basic",
];

/// What keeps a page from the rest of the machine, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confinement {
    /// Chromium's own sandbox, in a network namespace without any network.
    Offline,
    /// Chromium's own sandbox; the network is closed by settings.
    Sandbox,
    /// Only the rights of the user `nobody`; the network is closed by settings.
    OtherUser,
}

impl Confinement {
    /// The ways that are tried, in this order. Without a sandbox a hole in
    /// Chromium gives a page the rights of its process: never those of cmes.
    pub(crate) fn ways() -> &'static [Confinement] {
        const ALL: [Confinement; 3] = [Confinement::Offline, Confinement::Sandbox, Confinement::OtherUser];
        if is_root() { &ALL } else { &ALL[..2] }
    }
}

impl fmt::Display for Confinement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Confinement::Offline => "in its sandbox, cut off from the network",
            Confinement::Sandbox => "in its sandbox",
            Confinement::OtherUser => "without its sandbox, as the user nobody",
        })
    }
}

/// The Chromium that is installed on this machine, if there is one.
#[must_use]
pub fn installed() -> Option<PathBuf> {
    PLACES.iter().map(PathBuf::from).find(|place| place.exists())
}

/// A fresh folder for a Chromium that is to be started.
pub(crate) fn profile() -> io::Result<Profile> {
    let owner = is_root().then_some(NOBODY);
    Profile::create(owner).map_err(|error| {
        let whose = if owner.is_some() { " for the user nobody" } else { "" };
        io::Error::other(format!("its folder in {} cannot be made{whose}: {error}", std::env::temp_dir().display()))
    })
}

/// Starts Chromium, which reads commands from one pipe and writes messages to the other.
pub(crate) fn start(
    program: &Path,
    confinement: Confinement,
    heap: u64,
    profile: &Profile,
    commands: OwnedFd,
    messages: OwnedFd,
) -> io::Result<Child> {
    let mut command = match confinement {
        Confinement::Offline => {
            let mut command = Command::new("unshare");
            command.args(["--user", "--map-current-user", "--net", "--"]).arg(program);
            command
        }
        Confinement::Sandbox | Confinement::OtherUser => Command::new(program),
    };
    if confinement == Confinement::OtherUser {
        command.arg("--no-sandbox");
    }
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    let folder = profile.path();
    command
        .args(ARGUMENTS)
        .arg(format!("--js-flags=--max-old-space-size={}", heap / (1024 * 1024)))
        .arg(format!("--user-data-dir={}", folder.display()))
        .current_dir(folder)
        // Nothing of the server's environment, which may hold secrets, concerns it.
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("HOME", folder)
        .env("TMPDIR", folder)
        .env("LANG", "C.UTF-8")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(std::fs::File::create(complaints(profile))?)
        // So that it can be ended with all that it started.
        .process_group(0)
        .kill_on_drop(true)
        .fd_mappings(vec![
            FdMapping { parent_fd: commands, child_fd: 3 },
            FdMapping { parent_fd: messages, child_fd: 4 },
        ])
        .map_err(io::Error::other)?;
    command.spawn()
}

/// Where a Chromium writes what it is not happy with.
fn complaints(profile: &Profile) -> PathBuf {
    profile.path().join("complaints.txt")
}

/// The last that it said; of a start that failed, the reason.
pub(crate) fn last_words(profile: &Profile) -> String {
    let text = std::fs::read(complaints(profile)).unwrap_or_default();
    reason(&String::from_utf8_lossy(&text[text.len().saturating_sub(4_000)..])).to_owned()
}

/// The first sentence of the line that tells most, without process and place in
/// the source: `[1:2:1127/035551.1:ERROR:zygote.cc:130] No usable sandbox! If …`.
fn reason(text: &str) -> &str {
    let telling = text.lines().rev().find(|line| line.contains("FATAL") || line.contains("andbox"));
    let line = telling.or_else(|| text.lines().last()).unwrap_or("it says nothing");
    let words = line.split_once("] ").map_or(line, |(_, words)| words).trim();
    words.split_once('!').map_or(words, |(sentence, _)| sentence)
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_is_a_sentence() {
        let said = "[1:2:1127/035551.12:ERROR:dbus/bus.cc:405] Failed to connect to the bus\n\
                    [1:1:1127/035551.12:ERROR:zygote.cc:130] No usable sandbox! If this is a Debian system, please\n\
                    [1:1:1127/035551.13:ERROR:dbus/bus.cc:405] Failed again\n";
        assert_eq!(reason(said), "No usable sandbox");
        assert_eq!(
            reason("chromium: error while loading shared libraries: libnss3.so"),
            "chromium: error while loading shared libraries: libnss3.so"
        );
        assert_eq!(reason(""), "it says nothing");
    }
}
