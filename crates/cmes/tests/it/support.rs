//! A folder in which the program runs, and servers that run in it.

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, ChildStderr, Command, Output, Stdio};

use cmes_testkit::DemoSites;

/// A folder with a configuration that may read the demo sites.
pub struct Place {
    folder: tempfile::TempDir,
    _sites: Option<Sites>,
}

/// Demo sites with a runtime of their own.
struct Sites {
    _sites: DemoSites,
    runtime: Option<tokio::runtime::Runtime>,
}

impl Drop for Sites {
    fn drop(&mut self) {
        // Also from within another runtime, which may not wait for this one.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Place {
    pub fn empty() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder"), _sites: None }
    }

    pub fn with_sites() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let sites = runtime.block_on(DemoSites::start(None)).expect("the demo sites start");
        let mut text = "[server]\nlisten = \"127.0.0.1:0\"\n[log]\nlevel = \"warn\"\n[fetch]\nallow_networks = [\"127.0.0.0/8\"]\nper_host_delay_ms = 0\n[fetch.resolve]\n".to_owned();
        for (host, address) in sites.hosts() {
            text.push_str(&format!("\"{host}\" = \"{address}\"\n"));
        }
        let sites = Sites { _sites: sites, runtime: Some(runtime) };
        let place = Self { _sites: Some(sites), ..Self::empty() };
        place.write("cmes.toml", &text);
        place
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("a file");
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cmes"));
        command.args(arguments).current_dir(self.folder.path()).env_remove("CMES_LOG__LEVEL");
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program runs")
    }

    /// Standard output of a run that has to succeed.
    #[track_caller]
    pub fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// Standard error of a run that has to fail with this exit code and print no result.
    #[track_caller]
    pub fn fails(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", stderr(&output));
        stderr(&output)
    }
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A server that is stopped when it goes out of scope.
pub struct Serving {
    child: Child,
    log: BufReader<ChildStderr>,
    /// Where it answers; empty for a worker.
    pub url: String,
}

impl Serving {
    pub fn start(place: &Place, arguments: &[&str]) -> Self {
        Self::start_command(place.command(&[&["serve"], arguments].concat()))
    }

    pub fn start_command(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().expect("piped")).read_line(&mut line).expect("a line");
        assert!(line.starts_with("cmes is ready"), "{line}");
        let url = line.trim().strip_prefix("cmes is ready on ").unwrap_or_default().to_owned();
        let log = BufReader::new(child.stderr.take().expect("piped"));
        Self { child, log, url }
    }

    /// The next line of its log.
    pub fn log_line(&mut self) -> String {
        let mut line = String::new();
        self.log.read_line(&mut line).expect("a line");
        line
    }

    /// Ends it at once, as a power failure would (SIGKILL).
    pub fn kill(mut self) {
        self.child.kill().expect("it is killed");
        self.child.wait().expect("it ends");
    }

    /// Asks it to stop as an operator's system does, and waits for its end.
    pub fn stop(mut self) -> (Option<i32>, String) {
        let kill = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(kill.expect("kill runs").success());
        let status = self.child.wait().expect("it ends");
        let mut log = String::new();
        self.log.read_to_string(&mut log).expect("UTF-8");
        (status.code(), log)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
